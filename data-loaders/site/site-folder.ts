/** Where the site is built, within the repository; GROK_DIST names another folder, to build beside one in use. */
export const SITE_FOLDER = process.env.GROK_DIST ?? "dist";
