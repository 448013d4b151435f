# syntax=docker/dockerfile:1
# One file for all images: `docker build --target tasks .`, or `npm run images` for all of them.
# docs/decisions/0015-images.md says why it is made as it is.

ARG NODE_IMAGE=node:24-bookworm-slim
ARG NGINX_IMAGE=nginxinc/nginx-unprivileged:stable

# What is installed depends on these files alone, so that a change of sources installs nothing.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete \
  && find . -type d -empty -delete

FROM ${NODE_IMAGE} AS workspace
WORKDIR /app
COPY --from=manifests /app .
# Nothing that runs here needs an install script.
RUN --mount=type=cache,id=npm,target=/root/.npm npm ci --ignore-scripts
COPY . .

FROM workspace AS built-services
RUN npx nx run-many -t build -p @primetrade/auth @primetrade/tasks @primetrade/profile \
  @primetrade/gateway @primetrade/migrate
ARG SOURCE_DATE_EPOCH

# What each service runs on, and nothing else: scripts/images-pack.mjs.
FROM built-services AS packed-auth
RUN node scripts/images-pack.mjs auth /out
FROM built-services AS packed-tasks
RUN node scripts/images-pack.mjs tasks /out
FROM built-services AS packed-profile
RUN node scripts/images-pack.mjs profile /out
FROM built-services AS packed-gateway
RUN node scripts/images-pack.mjs gateway /out
FROM built-services AS packed-migrate
RUN node scripts/images-pack.mjs migrate /out

FROM workspace AS built-web
RUN --mount=type=cache,id=next,target=/app/apps/web/.next/cache \
  npx nx run-many -t build -p @primetrade/web
ARG SOURCE_DATE_EPOCH
FROM built-web AS packed-web
RUN node scripts/images-pack.mjs web /out
FROM built-web AS packed-nginx
RUN node scripts/images-pack.mjs nginx /out

# Node is process 1 and takes the signals itself; it starts no processes, so none is left to be
# reaped. No shell stands in between, and nothing is written: the root file system can be read-only.
FROM ${NODE_IMAGE} AS node
WORKDIR /app
USER 1000:1000
ENTRYPOINT ["node"]
ARG VERSION=0.1.0
ARG REVISION=unknown
ENV NODE_ENV=production METRICS_HOST=0.0.0.0 \
  PRIMETRADE_VERSION=${VERSION} PRIMETRADE_COMMIT=${REVISION}
LABEL org.opencontainers.image.vendor="PrimeTrade" org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"

FROM node AS service
# A service makes much that lives for one request. With V8's own bound of 16 MB for the young, they
# take a third more memory under load and answer no more requests: docs/benchmarks.md.
ENV NODE_OPTIONS=--max-semi-space-size=8
# Of the process alone, not of what it needs: no outage elsewhere makes a container unhealthy.
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s \
  CMD ["node", "healthcheck.mjs", "/health"]

FROM service AS auth
LABEL org.opencontainers.image.title="PrimeTrade auth"
ENV PORT=4001
EXPOSE 4001 9464
COPY --from=packed-auth /out/packages /
COPY --from=packed-auth /out/own /
CMD ["apps/auth/dist/main.js"]

FROM service AS tasks
LABEL org.opencontainers.image.title="PrimeTrade tasks"
ENV PORT=4002
EXPOSE 4002 9464
COPY --from=packed-tasks /out/packages /
COPY --from=packed-tasks /out/own /
CMD ["apps/tasks/dist/main.js"]

FROM service AS profile
LABEL org.opencontainers.image.title="PrimeTrade profile"
ENV PORT=4003
EXPOSE 4003 9464
COPY --from=packed-profile /out/packages /
COPY --from=packed-profile /out/own /
CMD ["apps/profile/dist/main.js"]

FROM service AS gateway
LABEL org.opencontainers.image.title="PrimeTrade gateway"
ENV PORT=4000
EXPOSE 4000 9464
COPY --from=packed-gateway /out/packages /
COPY --from=packed-gateway /out/own /
CMD ["apps/gateway/dist/main.js"]

FROM node AS migrate
LABEL org.opencontainers.image.title="PrimeTrade migrate"
COPY --from=packed-migrate /out/packages /
COPY --from=packed-migrate /out/own /
CMD ["apps/migrate/dist/main.js"]

FROM service AS web
LABEL org.opencontainers.image.title="PrimeTrade web"
# Idle connections are closed by nginx, after 60 s.
ENV PORT=3000 HOSTNAME=0.0.0.0 KEEP_ALIVE_TIMEOUT=75000 NEXT_TELEMETRY_DISABLED=1
EXPOSE 3000
COPY --from=packed-web /out/packages /
COPY --from=packed-web /out/own /
CMD ["--import", "./apps/web/lifecycle.mjs", "apps/web/server.js"]

FROM ${NGINX_IMAGE} AS nginx
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="PrimeTrade nginx" \
  org.opencontainers.image.vendor="PrimeTrade" org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" org.opencontainers.image.revision="${REVISION}"
EXPOSE 8080 8443
COPY --from=packed-nginx /out/own /
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /nginx-health HTTP/1.0\\r\\n\\r\\n' >&3 && read -r line <&3 && [[ $line == *' 200 '* ]]"]
CMD ["nginx", "-e", "stderr", "-c", "/tmp/nginx.conf"]
