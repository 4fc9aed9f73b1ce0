/** The site: its pages in reading order, its look, and math set at build time. */
import { existsSync } from "node:fs";
import { checkpointsFolder, fontFaces, ICON, siteFooter } from "./data-loaders/site/head.js";
import { mathInline } from "./data-loaders/site/math.js";
import { SITE_FOLDER } from "./data-loaders/site/site-folder.js";
import { checkpointPaths } from "./data-loaders/tables/checkpoint-files.js";
import { FONTS } from "./data-loaders/tables/font.js";
import { themeCss } from "./src/figures/theme.js";

/** In reading order; a page is listed once its file is there. */
const CATEGORIES = [
  { name: "Training dynamics", path: "/training-dynamics" },
  { name: "Fourier", path: "/fourier" },
  { name: "Attention", path: "/attention" },
  { name: "Embeddings", path: "/embeddings" },
  { name: "Weights", path: "/weights" },
  { name: "Neurons", path: "/neurons" },
  { name: "Logits", path: "/logits" },
  { name: "Trajectories", path: "/trajectories" },
];
const SWEEPS = [
  { name: "Weight decay", path: "/sweeps/weight-decay" },
  { name: "Train fraction", path: "/sweeps/train-fraction" },
  { name: "Learning rate", path: "/sweeps/learning-rate" },
  { name: "Operations", path: "/sweeps/operations" },
  { name: "Depth", path: "/sweeps/depth" },
  { name: "Effective weight decay", path: "/sweeps/effective-weight-decay" },
  { name: "Modulus", path: "/sweeps/modulus" },
  { name: "Numerics", path: "/sweeps/numerics" },
];
const MORE = [
  { name: "Lab", path: "/lab" },
  { name: "Replication", path: "/replication" },
];

const written = <T extends { path: string }>(pages: T[]) => pages.filter(({ path }) => existsSync(`src${path}.md`));
const sections = [
  { name: "One run, looked at closely", pages: written(CATEGORIES) },
  { name: "Many runs, compared", pages: written(SWEEPS) },
  { name: "Your turn", pages: written(MORE) },
];

export default {
  root: "src",
  output: SITE_FOLDER,
  title: "Grokking, explorable",
  pages: sections.filter(({ pages }) => pages.length > 0),
  style: "style.css",
  toc: false,
  pager: true,
  typographer: false,
  globalStylesheets: [],
  dynamicPaths: [...FONTS.map((name) => `/data/font-${name}.woff2`), ...checkpointPaths()],
  head: ({ path }: { path: string }) =>
    `${ICON}${checkpointsFolder(path)}<style>${fontFaces(path)}${themeCss()}</style>`,
  footer: siteFooter(),
  // biome-ignore lint/suspicious/noExplicitAny: Framework hands over its own markdown-it, whose types it does not publish
  markdownIt: (md: any) => md.use(mathInline),
};
