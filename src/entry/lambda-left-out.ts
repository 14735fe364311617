/** In the bundle this takes the place of what Bolt can load and Lambda never uses: Express, OAuth, Socket Mode. */
export const leftOut = true;
