# syntax=docker/dockerfile:1
# The web app as `next dev`, for `skaffold dev` alone: changed files are copied into the running pod.
# The folder of the app is an empty volume there, as the root file system cannot be written; what it
# starts with is copied into it.
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}
WORKDIR /app
COPY . .
RUN --mount=type=cache,id=npm,target=/root/.npm npm ci --ignore-scripts \
  && npx nx run-many -t build -p @primetrade/contracts \
  && mkdir /sources && mv apps/web /sources/web && mkdir apps/web
ENV PORT=3000 HOSTNAME=0.0.0.0 NEXT_TELEMETRY_DISABLED=1
USER 1000:1000
EXPOSE 3000
ENTRYPOINT ["/bin/sh", "-c"]
CMD ["cp -R /sources/web/. apps/web/ && cd apps/web && exec node /app/node_modules/next/dist/bin/next dev --hostname 0.0.0.0 --port 3000"]
