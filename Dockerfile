FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package roster-api \
    && install target/release/roster /usr/local/bin/roster

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/roster --create-home roster \
    && install --directory --owner=roster --group=roster --mode=0700 /var/lib/roster/data
COPY --from=build /usr/local/bin/roster /usr/local/bin/roster
USER roster
WORKDIR /var/lib/roster
# Without DATABASE_URL the SQLite database and its key live here.
VOLUME /var/lib/roster/data
ENV ROSTER_LISTEN=0.0.0.0:8080 ROSTER_LOG_FORMAT=json
EXPOSE 8080
# The shell speaks HTTP well enough to ask whether the service can work.
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]
ENTRYPOINT ["roster"]
