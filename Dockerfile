# Builds the npm package from a checkout, and runs it without the tools of the build.
FROM node:24-slim AS build
ENV ELECTRON_SKIP_BINARY_DOWNLOAD=1
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run pack -- --to /packed
RUN npm install --prefix /app /packed/mailsage-*.tgz

FROM node:24-slim
# A port is published on the host's loopback, where a client would refuse the self-made certificate.
ENV MAILSAGE_HOST=0.0.0.0 MAILSAGE_DATA=/data MAILSAGE_SMTP_STARTTLS=off
COPY --from=build /app /app
RUN ln -s /app/node_modules/.bin/mailsage /usr/local/bin/mailsage
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8025 1025
HEALTHCHECK --interval=10s --timeout=5s CMD node -e "fetch('http://127.0.0.1:8025/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"
CMD ["mailsage", "serve"]
