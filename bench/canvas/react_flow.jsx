// React Flow with the scene, set up as in its published stress example: the library's own nodes and edges, everything mounted, with its minimap,
// controls and background. Only what the gestures need is added: the wheel pans, and dragging on paper selects.

import { Background, Controls, MiniMap, Panel, Position, ReactFlow, useEdgesState, useNodesState, useReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { createRoot } from "react-dom/client";

const nodesAtFirst = window.scene.map(({ name, x, y, next }) => ({
  id: name,
  type: name === "Start" ? "input" : next.length === 0 ? "output" : "default",
  position: { x, y },
  sourcePosition: Position.Right,
  targetPosition: Position.Left,
  data: { label: name },
}));
const edgesAtFirst = window.scene.flatMap(({ name, next }) => next.map(([state, target]) => ({ id: `${name}.${state}`, source: name, target })));

function Hooks() {
  const flow = useReactFlow();
  window.reactFlow = flow;
  return <Panel position="top-right">{nodesAtFirst.length} nodes</Panel>;
}

function Stress() {
  const [nodes, , onNodesChange] = useNodesState(nodesAtFirst);
  const [edges, , onEdgesChange] = useEdgesState(edgesAtFirst);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      defaultViewport={{ x: 40, y: 40, zoom: 1 }}
      minZoom={0}
      panOnScroll
      panOnDrag={[1, 2]}
      selectionOnDrag
      selectionMode="partial"
    >
      <MiniMap />
      <Controls fitViewOptions={{ duration: 200 }} />
      <Background />
      <Hooks />
    </ReactFlow>
  );
}

const { x, y, width, height } = window.area;
const root = document.querySelector("#root");
root.style.cssText = `position:absolute;left:${x}px;top:${y}px;width:${width}px;height:${height}px`;
createRoot(root).render(<Stress />);
