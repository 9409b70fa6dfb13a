package io.hdl.tracking.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.tracking.client.StubServer.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service;

/** How long calls take, and how they end. */
class TransportTimesTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Service.LogBatch BATCH = Service.LogBatch.newBuilder().setRunId("r").build();

  @TempDir Path folder;
  private StubServer stub;
  private TrackingClient client;

  @BeforeEach
  void start() throws Exception {
    stub = new StubServer(request -> Answer.json("{}"));
    client = TrackingClient.of(new TrackingServer(stub.uri(), Credentials.none()));
  }

  @AfterEach
  void stop() {
    client.close();
    stub.close();
  }

  @Test
  void givesUpOnAServerThatNeverAnswers() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    stub.answer(
        request -> {
          try {
            release.await(10, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Answer.json("{}");
        });
    long start = System.nanoTime();
    assertThatThrownBy(() -> client.runs().logBatch(BATCH, Duration.ofMillis(300)))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("no answer within 0.3 s");
    assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(5).toNanos());
    release.countDown();
  }

  @Test
  void waitsAsLongAsTheServerAsks() {
    List<Answer> answers =
        new ArrayList<>(
            List.of(new Answer(429, Map.of("Retry-After", "1"), ""), Answer.of(500, "")));
    stub.answer(request -> answers.isEmpty() ? Answer.json("{}") : answers.remove(0));
    long start = System.nanoTime();
    String done =
        client.retrying(
            "log",
            Duration.ofSeconds(20),
            time -> {
              client.runs().logBatch(BATCH, time);
              return "done";
            });
    assertThat(done).isEqualTo("done");
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000L);
    assertThat(stub.requests()).hasSize(3);
  }

  @Test
  void goesOnWithASlowUploadAndEndsAStalledOne() throws Exception {
    Path file = folder.resolve("f");
    Files.write(file, new byte[6_000_000]);
    try (SlowReader slow = new SlowReader(500, Duration.ofMillis(60));
        TrackingClient patient =
            TrackingClient.of(new TrackingServer(slow.uri(), Credentials.none()))) {
      long start = System.nanoTime();
      patient.artifacts("mlflow-artifacts:/1/r/artifacts").upload("f", file, Duration.ofSeconds(2));
      assertThat(System.nanoTime() - start)
          .as("longer than no byte may rest")
          .isGreaterThan(Duration.ofSeconds(2).toNanos());
    }
    Files.write(file, new byte[32_000_000]); // more than the system holds by itself
    try (SlowReader stalled = new SlowReader(2, Duration.ofMillis(1));
        TrackingClient patient =
            TrackingClient.of(new TrackingServer(stalled.uri(), Credentials.none()))) {
      assertThatThrownBy(
              () ->
                  patient
                      .artifacts("mlflow-artifacts:/1/r/artifacts")
                      .upload("f", file, Duration.ofMillis(700)))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
          .hasMessageContaining("send the artifact \"f\"")
          .hasMessageContaining("no byte moved for 0.7 s");
    }
  }

  @Test
  void endsWaitingCallsAndLeavesNoThreadWhenItIsClosed() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    stub.answer(
        request -> {
          asked.countDown();
          try {
            release.await(10, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Answer.json("{}");
        });
    TrackingClient closing = TrackingClient.of(new TrackingServer(stub.uri(), Credentials.none()));
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                closing.runs().logBatch(BATCH, Duration.ofSeconds(30));
              } catch (HdlException e) {
                failure.set(e);
              }
            });
    waiting.start();
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    closing.close();
    closing.close();
    waiting.join(5000);
    release.countDown();

    assertThat(failure.get()).hasMessageContaining("the client is closed");
    assertThatThrownBy(() -> closing.runs().logBatch(BATCH, LIMIT))
        .hasMessageContaining("the client is closed");
    client.close();
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              System.gc(); // Java 17 ends the selector's thread with its client
              assertThat(Thread.getAllStackTraces().keySet())
                  .extracting(Thread::getName)
                  .noneMatch(name -> name.startsWith("hdl-tracking-http"))
                  .noneMatch(name -> name.contains("SelectorManager"));
            });
  }

  @Test
  void endsWhenItsThreadIsInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> client.runs().logBatch(BATCH, LIMIT))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(Thread.interrupted()).isTrue();
  }
}
