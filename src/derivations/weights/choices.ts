/** What can be chosen for the figures of weights. */

/** How matrices are shown: as waves over tokens and classes, or as they are. */
export const TRANSFORMS = ["Fourier", "raw"] as const;
export type Transform = (typeof TRANSFORMS)[number];

/** Names of a model's matrices and vectors, those of all layers by one name. */
export const TENSORS = ["W_E", "W_pos", "W_Q", "W_K", "W_V", "W_O", "W_in", "b_in", "W_out", "b_out", "W_U"] as const;
export type TensorName = (typeof TENSORS)[number];

/** Checkpoints shown at once. */
export const SHOWN_CHECKPOINTS = 6;
