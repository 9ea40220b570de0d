# syntax=docker/dockerfile:1
# Two images from one file, for amd64 and aarch64:
#   server (default)  for `docker run` and compose; never root
#   addon             for Home Assistant; root only until /data is handed over
ARG BASE=debian:13.2-slim

FROM ${BASE} AS python
RUN apt-get update \
    && apt-get install --no-install-recommends --yes ca-certificates python3 \
    && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* \
    && groupadd --gid 10200 cosyvoice \
    && useradd --uid 10200 --gid 10200 --home-dir /data --shell /usr/sbin/nologin cosyvoice \
    && install --directory --owner=10200 --group=10200 /data

# Runs on the machine that builds, whatever the image is for: the wheels of another
# machine need only be unpacked, and pip in an emulator takes an hour.
FROM --platform=$BUILDPLATFORM ${BASE} AS build
ARG TARGETARCH
RUN apt-get update \
    && apt-get install --no-install-recommends --yes python3 python3-venv
WORKDIR /src
COPY pyproject.toml setup.cfg README.md LICENSE ./
COPY wyoming_cosyvoice ./wyoming_cosyvoice
# pip works from outside the environment that is shipped, so it is not shipped itself.
RUN python3 -m venv /pip \
    && python3 -m venv --without-pip /opt/cosyvoice \
    # num2words asks for docopt, of which there is only the source: it is pure Python, so
    # one wheel fits every machine.
    && /pip/bin/pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . docopt==0.6.2
# Wheels only: nothing is compiled here, and so on no other machine either.
RUN case $TARGETARCH in amd64) machine=x86_64 ;; arm64) machine=aarch64 ;; *) exit 1 ;; esac \
    && python=/opt/cosyvoice/bin/python \
    && packages=$("$python" -c 'import site; print(site.getsitepackages()[0])') \
    && /pip/bin/pip --python "$python" install --no-cache-dir --no-compile \
        --only-binary=:all: --find-links /wheels --target "$packages" \
        --platform "manylinux_2_28_$machine" --platform "manylinux_2_27_$machine" \
        --platform "manylinux_2_17_$machine" --platform "manylinux2014_$machine" \
        "$(ls /wheels/wyoming_cosyvoice-*.whl)[european,zeroconf]" \
    && mv "$packages/bin/wyoming-cosyvoice" /opt/cosyvoice/bin/ \
    && rm -r "${packages:?}/bin" \
    && find /opt/cosyvoice -type d -name tests -prune -exec rm -r {} + \
    # What only conversion needs is compiled when it runs: that saves 30 MB.
    && python3 -m compileall -q -x '/onnx/' /opt/cosyvoice/lib

FROM python AS runtime
COPY --from=build /opt/cosyvoice /opt/cosyvoice
ENV PATH=/opt/cosyvoice/bin:/usr/local/bin:/usr/bin:/bin \
    ORT_DISABLE_TELEMETRY=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    WYOMING_COSYVOICE_DATA_DIR=/data \
    WYOMING_COSYVOICE_URI=tcp://0.0.0.0:10200
LABEL org.opencontainers.image.title="wyoming-cosyvoice" \
      org.opencontainers.image.description="CosyVoice text-to-speech for Home Assistant" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/wyoming-cosyvoice/wyoming-cosyvoice"
EXPOSE 10200
# It asks where the server was told to listen: by flag, variable or file.
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m --retries=3 \
    CMD ["wyoming-cosyvoice", "health"]
STOPSIGNAL SIGTERM

FROM runtime AS addon
ARG VERSION=0.1.0
COPY addon/start.py /opt/cosyvoice/start.py
LABEL io.hass.version="${VERSION}" \
      io.hass.type="app" \
      io.hass.arch="aarch64|amd64" \
      org.opencontainers.image.version="${VERSION}"
EXPOSE 8080
ENTRYPOINT ["/opt/cosyvoice/bin/python", "/opt/cosyvoice/start.py"]

FROM runtime AS server
ARG VERSION=0.1.0
LABEL org.opencontainers.image.version="${VERSION}"
ENV WYOMING_COSYVOICE_HTTP=0.0.0.0:8080
EXPOSE 8080
VOLUME /data
USER 10200:10200
WORKDIR /data
ENTRYPOINT ["wyoming-cosyvoice"]
CMD ["serve"]
