//! Every bound in the engine, each with its reason.

/// Largest workflow file: two thousand nodes with long prompts fit, a pasted recording does not.
pub const DOCUMENT_BYTES_MAX: usize = 1024 * 1024;

/// Deepest nesting of a workflow file; people nest three or four deep.
pub const DOCUMENT_DEPTH_MAX: usize = 64;

/// Most nodes of a workflow: five times the biggest one a contact centre is known to draw.
pub const NODES_MAX: usize = 2_000;

/// How often a document is checked anew while it is mended; nobody makes that many mistakes in one text.
pub const MENDS_MAX: usize = 20;

/// Most visits of nodes in one run; at a visit a second this is nearly three hours of constant menus.
pub const STEPS_MAX: u32 = 10_000;

/// Most visits between two events from outside. A loop with no wait in it would hold the caller's line silent; no sane menu visits 100 nodes between two key presses,
/// but a list of receivers may be walked through.
pub const VISITS_PER_EVENT_MAX: u32 = 1_000;

/// Most visits of one node between two events from outside.
pub const VISITS_OF_NODE_PER_EVENT_MAX: u32 = 100;

/// Longest life of a run, in seconds: 30 days.
pub const RUN_AGE_S_MAX: u64 = 30 * 24 * 60 * 60;

/// All variables of a run together, in bytes: a run is held in memory while it is awake.
pub const VARIABLES_BYTES_MAX: usize = 256 * 1024;

/// One rendered template, in bytes; the longest legal text message is far below.
pub const RENDERED_BYTES_MAX: usize = 64 * 1024;

/// A template's own length, in bytes.
pub const TEMPLATE_BYTES_MAX: usize = 16 * 1024;

/// An expression's own length, in bytes.
pub const EXPRESSION_BYTES_MAX: usize = 4 * 1024;

/// Operations of one evaluated expression; counts instead of time, so that a replay ends at the same place.
pub const EXPRESSION_OPERATIONS_MAX: u64 = 200_000;

/// Texts made inside an expression, in bytes.
pub const EXPRESSION_TEXT_BYTES_MAX: usize = 64 * 1024;

/// A compiled pattern of `switch`, in bytes; a few hundred words fit.
pub const PATTERN_BYTES_MAX: usize = 256 * 1024;

/// The body of an HTTP answer, in bytes. What is kept as a variable is bounded by [`VARIABLES_BYTES_MAX`].
pub const HTTP_RESPONSE_BYTES_MAX: usize = 1024 * 1024;

/// Receivers of one node; Plivo's own bound for bulk calls and messages.
pub const RECEIVERS_MAX: usize = 1_000;

/// Prompts queued for one answer document; Plivo refuses documents above 100 KB.
pub const PROMPTS_MAX: usize = 50;

/// How long a line waits on a silent leg before the carrier is asked whether the call is still up, in seconds. A menu's timeout and prompt are over by then.
pub const LEG_SILENCE_S_MAX: u64 = 300;

/// The same for a leg in a conference, where silence is normal.
pub const CONFERENCE_SILENCE_S_MAX: u64 = 900;

/// How long after the ring timeout a placed call's fate is asked, in seconds: Plivo's hangup webhook usually comes within two.
pub const RING_GRACE_S: u64 = 30;

/// How long after its own timeout an HTTP request is given up, in seconds; the server answers long before.
pub const HTTP_GRACE_S: u64 = 120;

/// How long a message may stay unacknowledged by the carrier before the node gives up, in seconds.
pub const MESSAGE_SILENCE_S_MAX: u64 = 900;

/// Lines of a run at once; branching again and again would otherwise double a run without end.
pub const LINES_MAX: usize = 100;

/// Runs above a run: how deep workflows may start each other.
pub const RUN_DEPTH_MAX: u32 = 16;

/// Members of a list that `loop` walks through.
pub const LOOP_ITEMS_MAX: usize = 10_000;

/// Operations of one script.
pub const SCRIPT_OPERATIONS_MAX: u64 = 200_000;

/// A script's own length, in bytes.
pub const SCRIPT_BYTES_MAX: usize = 16 * 1024;

/// Words and phrases that speech recognition is told to expect; Plivo's own bound.
pub const HINTS_MAX: usize = 500;

/// All of these together, in characters; Plivo's own bound.
pub const HINT_CHARACTERS_MAX: usize = 10_000;

/// How long after a hang-up the recording may still come that was left before it, in seconds; Plivo tells of it within a few.
pub const RECORDING_GRACE_S: u64 = 60;

/// How long the carrier may take to begin or end the recording of a call, in seconds.
pub const RECORDING_START_S_MAX: u64 = 30;

/// Media of one message; Plivo's own bound.
pub const MESSAGE_MEDIA_MAX: usize = 10;

/// Longest wait that a `Retry-After` is granted before a request is tried again, in seconds: a caller may be waiting, and a run is not a queue.
pub const RETRY_AFTER_S_MAX: u32 = 3_600;

/// How long an answering machine's greeting is let pass before a message is left, in seconds; few are longer, and after them the message is spoken all the same.
pub const GREETING_S_MAX: u32 = 30;
