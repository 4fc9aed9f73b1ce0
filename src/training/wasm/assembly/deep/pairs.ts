// Groups of pairs through all layers and back, in blocks whose sums are their own; and requested pairs, forward only.
import * as at from "../layout";
import { element, row } from "../layout";
import { crossEntropy } from "../softmax";
import { barrier, claim } from "../sync";
import { parts } from "../tables";
import { clear, copy } from "../vector";
import { firstLayer, firstLayerBackward } from "./first-layer";
import { clearFirstPosition, firstPositionBackward } from "./first-position";
import { gatherByA } from "./gather";
import { laterLayer, laterLayerBackward } from "./later-layer";
import { blockSum, weight } from "./layout";
import * as deep from "./layout";
import { addOuter, times } from "./products";

// @ts-ignore: decorator
@inline
function layerScratch(scratch: usize, layer: i32): usize {
  return scratch + <usize>layer * deep.sLayerBytes;
}

/** From tokens to logits (at sLogits) of `count` pairs; `A`: where the first layer's attention goes. */
function forward(count: i32, as: usize, bs: usize, A: usize, scratch: usize): void {
  firstLayer(count, as, bs, A, scratch + deep.sU, layerScratch(scratch, 1) + deep.sY);
  const last = at.layers - 1;
  for (let layer = 1; layer < last; layer++) {
    laterLayer(layer, count, as, layerScratch(scratch, layer), layerScratch(scratch, layer + 1) + deep.sY);
  }
  const out = scratch + deep.sOut;
  laterLayer(last, count, as, layerScratch(scratch, last), out);
  times(count, at.d, at.pPad, out, at.ldD, deep.pU, scratch + deep.sLogits, at.ldP, false);
}

/** Forward and backward of training pairs first..last into the sums of their block. */
function trainGroup(first: i32, last: i32, block: i32, scratch: usize): void {
  const count = last - first;
  const as = element(at.pairA, first);
  const buffer = scratch + deep.sPanels;
  const G = scratch + deep.sLogits;
  const meanWeight: f32 = 1 / <f32>at.N;
  forward(count, as, element(at.pairB, first), row(at.attention, 2 * first, deep.ldA), scratch);
  for (let i = 0; i < count; i++) {
    const answer = load<i32>(element(at.answers, first + i));
    store<f64>(at.losses + ((<usize>(first + i)) << 3), crossEntropy(row(G, i, at.ldP), answer, meanWeight));
  }
  addOuter(count, at.d, at.pPad, scratch + deep.sOut, at.ldD, G, at.ldP, blockSum(block, deep.W_U), at.ldP, buffer);
  const dY = scratch + deep.sdY;
  times(count, at.p, at.d, G, at.ldP, deep.rU, row(dY, count, at.ldD), at.ldD, false);
  for (let layer = at.layers - 1; layer > 0; layer--) {
    laterLayerBackward(layer, count, as, layerScratch(scratch, layer), scratch, block);
  }
  firstLayerBackward(first, count, scratch + deep.sU, dY, block, buffer);
}

/** All pairs of the a's that one block holds, then those a's own rows at position 0. */
function trainBlock(block: i32, scratch: usize): void {
  const firstA = load<i32>(element(at.blockStarts, block));
  const lastA = load<i32>(element(at.blockStarts, block + 1));
  memory.fill(blockSum(block, weight(0, deep.atOut)), 0, <usize>at.dm * at.ldD);
  const later = weight(1, 0);
  memory.fill(blockSum(block, later), 0, deep.weights + deep.blockBytes - later);
  clear(row(deep.blockConstants, block, at.ldC), at.C);
  clearFirstPosition(firstA, lastA);
  const start = load<i32>(element(at.startsByA, firstA));
  const pairs = load<i32>(element(at.startsByA, lastA)) - start;
  const groups = parts(pairs, deep.group);
  for (let i = 0; i < groups; i++) {
    trainGroup(start + (i * pairs) / groups, start + ((i + 1) * pairs) / groups, block, scratch);
  }
  for (let a = firstA; a < lastA; a++) gatherByA(a);
  firstPositionBackward(firstA, lastA, block, scratch);
}

/** Every block of pairs. */
export function trainPairs(scratch: usize): void {
  for (let block = claim(0); block < at.blocks; block = claim(0)) trainBlock(block, scratch);
  barrier(0);
}

/** Requested pairs first..last: logits and, of each layer, hidden activations and attention at "=". */
function inspectGroup(first: i32, last: i32, scratch: usize): void {
  const count = last - first;
  const as = scratch + deep.sPanels;
  const bs = element(as, deep.group);
  for (let i = 0; i < count; i++) {
    const code = load<i32>(element(at.requestPairs, first + i));
    store<i32>(element(as, i), code / at.p);
    store<i32>(element(bs, i), code % at.p);
  }
  forward(count, as, bs, scratch + deep.sA, scratch);
  for (let i = 0; i < count; i++) {
    copy(row(at.outLogits, first + i, (<usize>at.pPad) << 2), row(scratch + deep.sLogits, i, at.ldP), at.pPad);
    for (let layer = 0; layer < at.layers; layer++) {
      const s = layerScratch(scratch, layer);
      const hiddenRow = layer == at.layers - 1 ? i : count + i;
      const outHidden = at.outHidden + <usize>layer * deep.outHiddenBytes;
      const outAttention = at.outAttention + <usize>layer * deep.outAttentionBytes;
      copy(row(outHidden, first + i, (<usize>at.dm) << 2), row(s + deep.sU, hiddenRow, at.ldC), at.dm);
      memory.copy(row(outAttention, first + i, deep.ldA), row(s + deep.sA, 2 * i + 1, deep.ldA), deep.ldA);
    }
  }
}

/** `count` requested pairs, in groups. */
export function inspectPairs(count: i32, scratch: usize): void {
  for (let first = claim(0) * deep.group; first < count; first = claim(0) * deep.group) {
    inspectGroup(first, min(first + deep.group, count), scratch);
  }
  barrier(0);
}
