import type { ReactFlowProps } from '@xyflow/react';
import { greatestZoom } from './layout.ts';

/** A topology fits its room by itself: whoever looks at it moves no picture, and wires nothing. */
export const canvasSettings = {
  nodesConnectable: false,
  panOnDrag: false,
  panOnScroll: false,
  zoomOnScroll: false,
  zoomOnPinch: false,
  zoomOnDoubleClick: false,
  preventScrolling: false,
  deleteKeyCode: null,
  minZoom: 0.4,
  maxZoom: greatestZoom,
  proOptions: { hideAttribution: true },
} as const satisfies ReactFlowProps;
