package io.hdl.core.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.HdlException;
import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.event.JobEvent;
import io.hdl.core.provenance.DataProvenance;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressBarTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Path RUN = Path.of("home", "demand", "r1");

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

  private String text() {
    return written.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private static Instant at(long millis) {
    return START.plusMillis(millis);
  }

  private static JobEvent.JobStarted started(Optional<String> resumed) {
    return new JobEvent.JobStarted(START, "demand", "r1", RUN, resumed);
  }

  private static JobEvent.StepFinished step(int epoch, long step, long millis, double loss) {
    return new JobEvent.StepFinished(
        at(millis),
        epoch,
        20,
        step,
        200,
        step * 1000,
        Duration.ofMillis(millis),
        Double.isNaN(loss) ? OptionalDouble.empty() : OptionalDouble.of(loss));
  }

  private static JobEvent.EpochFinished epoch(int epoch, long step, long millis) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("train_loss", 0.51234);
    metrics.put("validation_loss", 1234.5);
    return new JobEvent.EpochFinished(
        at(millis), epoch, 20, step, metrics, Duration.ofMillis(4200));
  }

  @Test
  void drawsOneLineAnewOnATerminal() {
    try (ProgressBar bar = ProgressBar.on(out, ProgressStyle.BAR, 100)) {
      bar.on(started(Optional.empty()));
      bar.on(step(1, 50, 5_000, 0.5));
      bar.on(step(1, 51, 5_050, 0.4)); // too soon to be drawn
      bar.on(step(1, 100, 10_000, Double.NaN));
    }
    assertThat(text())
        .isEqualTo(
            "demand: run r1 in "
                + RUN
                + "\n"
                + "\repoch 1/20 [======>                     ] 25%  10,000 windows/s  ETA 0:15"
                + "  loss 0.5000  step 50/200"
                + "\repoch 1/20 [============>              ] 50%  10,000 windows/s  ETA 0:10"
                + "  loss 0.4000  step 100/200"
                + "\n");
  }

  @Test
  void clearsTheLineBeforeAnotherAndBlanksWhatIsLeftOfALongerOne() {
    try (ProgressBar bar = ProgressBar.on(out, ProgressStyle.BAR)) {
      bar.on(step(1, 199, 100_000, 0.5));
      bar.on(new JobEvent.Notice(at(100_100), "left out 3 series"));
      bar.on(step(1, 199, 100_200, 0.5));
      bar.on(step(1, 200, 100_201, 0.5)); // the last step is always drawn
    }
    String first =
        "epoch 1/20 [======> ] 99%  1,990 windows/s  ETA 0:01  loss 0.5000  step 199/200";
    assertThat(text())
        .isEqualTo(
            "\r"
                + first
                + "\r"
                + " ".repeat(first.length())
                + "\rnote: left out 3 series\n"
                + "\r"
                + first.replace("1,990", "1,986")
                + "\repoch 1/20 [========] 100%  1,996 windows/s  loss 0.5000  step 200/200"
                + " ".repeat(9)
                + "\n");
  }

  @Test
  void staysWithinTheWidthOfTheTerminal() {
    for (int columns = 40; columns < 140; columns++) {
      written.reset();
      try (ProgressBar bar = ProgressBar.on(out, ProgressStyle.BAR, columns)) {
        bar.on(epoch(19, 1, 0));
        written.reset();
        bar.on(step(20, 123, 1_000_000, 0.123456));
      }
      String line = text().replace("\r", "").replace("\n", "");
      assertThat(line).hasSizeLessThan(columns).startsWith("epoch 20/20 ").contains(" 61%");
    }
  }

  @Test
  void writesPlainLinesWithoutATerminal() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try (ProgressBar bar = ProgressBar.on(out, ProgressStyle.PLAIN)) {
      bar.on(started(Optional.empty()));
      bar.on(new JobEvent.StageStarted(at(0), "data"));
      bar.on(
          new JobEvent.DataOpened(
              at(900),
              new DataProvenance(
                  "sales", "file:/t/sales", 7, START, "id", List.of("y"), Map.of(), 9, 1),
              Map.of("series", "2,660")));
      bar.on(new JobEvent.StageFinished(at(1000), "data", Duration.ofSeconds(1)));
      bar.on(step(1, 1, 2_000, 0.9));
      bar.on(step(1, 2, 11_999, 0.8));
      bar.on(step(1, 3, 12_000, Double.NaN));
      bar.on(epoch(1, 10, 20_000));
      bar.on(step(2, 11, 29_999, 0.7));
      bar.on(step(2, 12, 30_000, 0.7));
      bar.on(new JobEvent.CheckpointWritten(at(30_001), RUN.resolve("c"), 2, 1200));
      bar.on(new JobEvent.Warning(at(30_002), "The server is away."));
      bar.on(new JobEvent.CancelRequested(at(30_003), "SIGTERM"));
      bar.on(
          new JobEvent.EvaluationFinished(
              at(40_000),
              new Evaluation(
                  "test", new Scores(Map.of("wape", 0.0956)), Scores.NONE, Map.of(), 2660, 21280)));
      bar.on(
          new JobEvent.JobFinished(
              at(83_000), "demand", "r1", "FAILED", Duration.ofSeconds(83), Optional.of("Why.")));
    } finally {
      Locale.setDefault(before);
    }
    assertThat(text())
        .isEqualTo(
            """
            demand: run r1 in %s
            data: started
            data: file:/t/sales version 7, series 2,660
            data: done in 1.0 s
            epoch 1/20  step 1/200 (0%%)  500 windows/s  ETA 6:38  loss 0.9000
            epoch 1/20  step 3/200 (1%%)  250 windows/s  ETA 13:08  loss 0.8000
            epoch 1/20: train_loss 0.5123  validation_loss 1235  (4.2 s)
            epoch 2/20  step 12/200 (6%%)  400 windows/s  ETA 7:50  loss 0.7000
            checkpoint: step 1,200 in %s
            WARNING: The server is away.
            stopping: SIGTERM
            evaluation of test: wape 0.09560  (2,660 series, 21,280 windows)
            demand: failed after 1:23, run r1: Why.
            """
                .formatted(RUN, RUN.resolve("c")));
  }

  @Test
  void estimatesTheRestOfAContinuedRunByItsOwnPace() {
    try (ProgressBar bar = ProgressBar.on(out, ProgressStyle.PLAIN)) {
      bar.on(started(Optional.of("step 100")));
      bar.on(
          new JobEvent.StepFinished(
              at(0), 6, 20, 101, 200, 10, Duration.ofSeconds(1), OptionalDouble.empty()));
      bar.on(
          new JobEvent.StepFinished(
              at(10_000), 6, 20, 110, 200, 100, Duration.ofSeconds(10), OptionalDouble.empty()));
    }
    assertThat(text())
        .isEqualTo(
            """
            demand: run r1 continues from step 100 in %s
            epoch 6/20  step 101/200 (50%%)  10 windows/s  ETA 1:39
            epoch 6/20  step 110/200 (55%%)  10 windows/s  ETA 1:30
            """
                .formatted(RUN));
  }

  @Test
  void saysHowAnInterruptedRunGoesOn() {
    try (ProgressBar bar = ProgressBar.on(out, ProgressStyle.PLAIN)) {
      bar.on(
          new JobEvent.JobFinished(
              at(1000),
              "demand",
              "r1",
              "INTERRUPTED",
              Duration.ofSeconds(1),
              Optional.of("The job was cancelled")));
    }
    assertThat(text())
        .isEqualTo(
            """
            demand: interrupted after 1.0 s, run r1: The job was cancelled. \
            Run again, the same job goes on where it stopped.
            """);
  }

  @Test
  void isSilentWhenOff() {
    try (ProgressBar bar = ProgressBar.on(out, ProgressStyle.OFF)) {
      bar.on(started(Optional.empty()));
      bar.on(step(1, 50, 5_000, 0.5));
    }
    assertThat(text()).isEmpty();
  }

  @Test
  void closingTwiceEndsTheLineOnce() {
    ProgressBar bar = ProgressBar.on(out, ProgressStyle.BAR);
    bar.on(step(1, 50, 5_000, 0.5));
    bar.close();
    bar.close();
    assertThat(text()).endsWith("\n").containsOnlyOnce("\n");
    out.print("still open");
    assertThat(text()).endsWith("still open");
  }

  @ParameterizedTest
  @CsvSource({
    "bar, '', false, BAR",
    "PLAIN, '', true, PLAIN",
    "off, '', true, OFF",
    "'', '', true, BAR",
    "'', '', false, PLAIN",
    "'', CI, true, PLAIN",
    "'', TERM, true, PLAIN",
    "bar, CI, true, BAR",
  })
  void choosesTheStyle(String property, String variable, boolean terminal, ProgressStyle expected) {
    Map<String, String> variables =
        variable.isEmpty() ? Map.of() : Map.of(variable, variable.equals("CI") ? "true" : "dumb");
    assertThat(ProgressStyle.detect(Optional.of(property), variables, terminal))
        .isEqualTo(expected);
  }

  @Test
  void rejectsAnUnknownStyleAndANarrowTerminal() {
    assertThatThrownBy(() -> ProgressStyle.detect(Optional.of("fancy"), Map.of(), true))
        .isInstanceOf(HdlException.class)
        .hasMessage("hdl.progress: \"fancy\" (expected: bar, plain or off)");
    assertThatThrownBy(() -> ProgressBar.on(out, ProgressStyle.BAR, 39))
        .isInstanceOf(HdlException.class)
        .hasMessage("columns: 39 (expected: >= 40)");
  }

  @Test
  void takesTheWidthFromTheShell() {
    assertThat(ProgressBar.columnsFrom(Map.of("COLUMNS", "132"))).isEqualTo(132);
    assertThat(ProgressBar.columnsFrom(Map.of("COLUMNS", "20"))).isEqualTo(40);
    assertThat(ProgressBar.columnsFrom(Map.of())).isEqualTo(80);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.000",
    "0.1234567, 0.1235",
    "-12.34567, -12.35",
    "99999, 99999",
    "0.0001234, 1.234e-04",
    "1234567, 1234567",
    "12345678, 1.235e+07",
    "NaN, NaN",
    "Infinity, Infinity"
  })
  void writesNumbersShort(double value, String expected) {
    assertThat(ProgressText.number(value)).isEqualTo(expected);
  }
}
