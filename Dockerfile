# Ringback in a small image: not root, nothing but /data and /keys is written.
#
#   docker build -t ringback . && docker compose up
#
# Both base images can be others, such as your own mirror's: --build-arg BUILD_IMAGE=…
# The first needs Rust, a C compiler and ca-certificates; the second only glibc.
ARG BUILD_IMAGE=docker.io/library/rust:1.95-slim-bookworm
ARG RUN_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
# The libraries are a layer of their own, made anew only when they change: they are built for an
# empty program first.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src benches data keys \
    && echo 'fn main() {}' >src/main.rs \
    && touch src/lib.rs \
    && cargo build --release --locked --bin ringback
COPY . .
# cargo goes by the times of files, and those of the empty program are the newer ones.
RUN touch src/main.rs src/lib.rs \
    && cargo build --release --locked --bin ringback

FROM ${RUN_IMAGE}
LABEL org.opencontainers.image.title="Ringback" \
      org.opencontainers.image.description="Watches customer conversations and gets a person to ring back when text has stopped helping" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
# Whom webhooks may trust.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=10001:10001 /build/data /data
COPY --from=build --chown=10001:10001 --chmod=0700 /build/keys /keys
COPY --from=build /build/target/release/ringback /usr/local/bin/ringback

# Settings come from the environment: RINGBACK__LOG__FILTER is `filter` under `[log]`, and so on
# (config/ringback.toml explains them all). Set RINGBACK__PUBLIC_URL to the address that people
# open, such as https://ringback.example.com, and RINGBACK__TRUSTED_PROXIES to the address of the proxy
# that speaks TLS (or RINGBACK__TLS__CERTIFICATE and RINGBACK__TLS__KEY to files): pages and forms are
# refused in the clear. A file of yours goes to
# /etc/ringback/config/rules.toml, with whatever you want to tune; it is reloaded while it runs.
ENV RINGBACK__LISTEN=0.0.0.0:8080 \
    RINGBACK__DATABASE=/data/ringback.db \
    RINGBACK__FORMS__KEY_FILE=/keys/forms.key
WORKDIR /etc/ringback
USER 10001:10001
# Back /data up if you wish, never /keys: together they open what customers submit.
VOLUME /data /keys
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["ringback", "health"]
ENTRYPOINT ["ringback"]
CMD ["run"]
