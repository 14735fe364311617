# The bot as a container: docker build --tag dlq-tasks .
FROM node:24.21.0-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY tools tools
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json manifest.yml README.md LICENSE ./
COPY bin bin
COPY scripts scripts
COPY src src
RUN npm pack && tar -xzf dlq-tasks-*.tgz
RUN npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:24.21.0-slim
WORKDIR /app
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/package ./
RUN mkdir /data && chown node:node /data
# Nothing else has to be writable. SQLite uses this folder for large temporary files.
ENV NODE_ENV=production DLQ_TASKS_CONFIG=/etc/dlq-tasks/dlq-tasks.yml DLQ_TASKS_DATA=/data SQLITE_TMPDIR=/data
USER 1000:1000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/app/bin/health-check.js"]
# No shell or npm in between, so that SIGTERM reaches the bot. The options keep memory use low.
ENTRYPOINT ["node", "--initial-old-space-size=32", "--max-semi-space-size=4", "--heap-growing-percent=30", "--v8-pool-size=1", "/app/bin/dlq-tasks.js"]
CMD ["serve"]
