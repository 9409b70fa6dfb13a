package io.hdl.tracking.client;

import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.MlflowVersion;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlflow.api.proto.Service;

/** What tests of the client at a real server need; each runs at every release. */
@ParameterizedClass
@EnumSource(MlflowVersion.class)
abstract class AtRealServers {
  static final Duration LIMIT = Duration.ofSeconds(60);
  private static final AtomicReference<@Nullable MlflowServer> RUNNING = new AtomicReference<>();

  @Parameter MlflowVersion version = MlflowVersion.CURRENT;
  MlflowServer server;
  TrackingClient client;

  @BeforeParameterizedClassInvocation
  static void start(MlflowVersion version) {
    RUNNING.set(MlflowServer.shared(version));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    MlflowServer running = RUNNING.getAndSet(null);
    if (running != null) {
      running.close();
    }
  }

  @BeforeEach
  void open() {
    server = Objects.requireNonNull(RUNNING.get());
    client = TrackingClient.of(new TrackingServer(server.uri(), Credentials.none()));
  }

  @AfterEach
  void close() {
    client.close();
  }

  /** A run whose key is its name. */
  static Runs.NewRun newRun(String key) {
    return new Runs.NewRun("näme / " + key, "me", 1_700_000_000_123L, Map.of("key", key));
  }

  static Map<String, String> tags(Service.Run run) {
    return run.getData().getTagsList().stream()
        .collect(Collectors.toMap(Service.RunTag::getKey, Service.RunTag::getValue));
  }

  static Service.Metric metric(String key, double value, long step) {
    return Service.Metric.newBuilder()
        .setKey(key)
        .setValue(value)
        .setTimestamp(1_700_000_000_000L + (step % 1000))
        .setStep(step)
        .build();
  }
}
