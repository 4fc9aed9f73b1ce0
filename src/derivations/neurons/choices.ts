/** What can be chosen of the figures of neurons. */

/** Neurons whose activations are shown at once. */
export const MOST_NEURONS = 8;

/** How the classes of the neuron–logit map are laid out: as components of waves, or one by one. */
export const CLASS_AXES = ["Fourier", "raw"] as const;
export type ClassAxis = (typeof CLASS_AXES)[number];
