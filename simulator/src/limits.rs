//! Every bound of the simulator, each with its reason.

use std::time::Duration;

/// The ledger keeps the newest entries of each kind, so that a week of load tests fits into memory.
pub const LEDGER_ENTRIES_MAX: usize = 20_000;

/// Answer documents remembered for one call; a menu that loops for hours keeps its first pages.
pub const DOCUMENTS_PER_CALL_MAX: usize = 500;

/// Text of answer documents remembered for one call, in bytes; beyond it only addresses and spoken words are kept.
pub const DOCUMENT_TEXT_PER_CALL_BYTES_MAX: usize = 256 * 1024;

/// Spoken texts remembered for one call.
pub const SPOKEN_PER_CALL_MAX: usize = 2_000;

/// An answer document: Plivo's own limit.
pub const DOCUMENT_BYTES_MAX: usize = 100 * 1024;

/// Documents one call may fetch before it is called a loop (hangup cause 2060).
/// A caller who is parked comes back every few seconds, so an hour of that has to fit.
pub const DOCUMENTS_FETCHED_MAX: usize = 5_000;

/// Transfers of one call: Plivo's own limit (then "Loop detected").
pub const TRANSFERS_MAX: usize = 70;

/// Calls that may be alive at once; more are answered 429.
pub const LIVE_CALLS_MAX: usize = 5_000;

/// Receivers of one request: Plivo's own limit.
pub const RECEIVERS_MAX: usize = 1_000;

/// Body of a request to the REST or control API, in bytes.
pub const REQUEST_BYTES_MAX: usize = 256 * 1024;

/// Phones remembered; beyond it, phones without a script and without a call are forgotten.
pub const PHONES_MAX: usize = 10_000;

/// Numbers of our own.
pub const NUMBERS_MAX: usize = 10_000;

/// Calls shown on one phone.
pub const PHONE_CALLS_MAX: usize = 20;

/// Texts shown on one phone.
pub const PHONE_MESSAGES_MAX: usize = 200;

/// Captions shown for one call on a phone.
pub const CAPTIONS_MAX: usize = 500;

/// Automatic replies one script sends, so that two machines that answer each other come to rest.
pub const REPLIES_PER_SCRIPT_MAX: usize = 1_000;

/// Entries of a script's lists (keys, speech, replies).
pub const SCRIPT_ENTRIES_MAX: usize = 1_000;

/// Members of one conference: Plivo's own limit.
pub const CONFERENCE_MEMBERS_MAX: u32 = 20;

/// Members of one multi-party call: Plivo's own limit.
pub const MULTI_PARTY_MEMBERS_MAX: u32 = 10;

/// SIP headers of one call: as many as Plivo passes on.
pub const SIP_HEADERS_MAX: usize = 24;

/// Beeps and other sounds remembered for one room.
pub const SOUNDS_PER_ROOM_MAX: usize = 1_000;

/// How long a document may make a call last at most, in seconds: Plivo cuts at 24 hours.
pub const CALL_S_MAX: f64 = 86_400.0;

/// How long a phone that nobody answers rings before its carrier gives up, in seconds.
pub const CARRIER_RINGS_S: f64 = 30.0;

/// One spoken character takes a person this long to hear.
pub const CHARACTER_SPOKEN: Duration = Duration::from_millis(60);

/// A played file takes a person this long to hear; the simulator does not fetch it.
pub const FILE_PLAYED: Duration = Duration::from_secs(3);

/// People a hundred times slower than real ones; slower ones would never be waited for.
pub const SPEED_MIN: f64 = 0.01;

/// People ten thousand times faster than real ones; a silence of five seconds is then shorter than a clock tick.
pub const SPEED_MAX: f64 = 10_000.0;

/// Commands waiting for one call.
pub const COMMANDS_WAITING_MAX: usize = 256;

/// Characters of a text message: Plivo's own limit.
pub const TEXT_CHARACTERS_MAX: usize = 1_600;
