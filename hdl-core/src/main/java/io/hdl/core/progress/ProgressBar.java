package io.hdl.core.progress;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.event.JobListener;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Shows people how a job goes on: stages, what was found in the data, epochs, steps with windows
 * per second, remaining time and loss, notices, warnings, the evaluation and the end.
 *
 * <p>On a terminal the step line is drawn anew in place, at most ten times a second; without one
 * there are plain lines, at most one every ten seconds for steps and one for each epoch. Writes to
 * the error stream unless told otherwise, never to standard output. All times come from the events.
 * Heard on the job's event thread; not thread-safe. {@link #close()} ends an open line and leaves
 * the stream open.
 */
public final class ProgressBar implements JobListener {
  private static final Duration REDRAW = Duration.ofMillis(100);
  private static final Duration PLAIN_EVERY = Duration.ofSeconds(10);
  private static final int DEFAULT_COLUMNS = 80;

  private final PrintStream out;
  private final ProgressStyle style;
  private final int columns;
  private final Pace pace = new Pace();
  private int drawn;
  private Optional<Instant> shown = Optional.empty();

  private ProgressBar(PrintStream out, ProgressStyle style, int columns) {
    this.out = out;
    this.style = style;
    this.columns = columns;
  }

  /** Progress on the error stream, in the style that {@link ProgressStyle#detect()} finds. */
  public static ProgressBar onErrorStream() {
    return new ProgressBar(System.err, ProgressStyle.detect(), columnsFrom(System.getenv()));
  }

  /** Progress on a stream, 80 characters wide. */
  public static ProgressBar on(PrintStream out, ProgressStyle style) {
    return new ProgressBar(out, style, DEFAULT_COLUMNS);
  }

  /**
   * Progress on a stream of another width.
   *
   * @param columns width of the terminal in characters, at least 40
   */
  public static ProgressBar on(PrintStream out, ProgressStyle style, int columns) {
    if (columns < 40) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, "columns: " + columns + " (expected: >= 40)");
    }
    return new ProgressBar(out, style, columns);
  }

  static int columnsFrom(Map<String, String> variables) {
    try {
      return Math.max(40, Integer.parseInt(variables.getOrDefault("COLUMNS", "")));
    } catch (NumberFormatException unset) {
      return DEFAULT_COLUMNS;
    }
  }

  @Override
  public void on(JobEvent event) {
    if (style == ProgressStyle.OFF) {
      return;
    }
    if (event instanceof JobEvent.StepFinished step) {
      pace.step(step);
      showStep(step);
      return;
    }
    if (event instanceof JobEvent.JobStarted started) {
      pace.started(started);
    }
    String text = ProgressText.of(event);
    if (!text.isEmpty()) {
      line(text);
      if (event instanceof JobEvent.EpochFinished) {
        shown = Optional.of(event.at());
      }
    }
  }

  @Override
  public void close() {
    if (drawn > 0) {
      out.println();
      drawn = 0;
    }
    out.flush();
  }

  private void showStep(JobEvent.StepFinished step) {
    Duration every = style == ProgressStyle.BAR ? REDRAW : PLAIN_EVERY;
    boolean due = shown.map(last -> !step.at().isBefore(last.plus(every))).orElse(true);
    if (style == ProgressStyle.BAR ? due || step.step() >= step.steps() : due) {
      shown = Optional.of(step.at());
      if (style == ProgressStyle.BAR) {
        draw(pace.bar(step, columns - 1));
      } else {
        out.println(pace.line(step));
        out.flush();
      }
    }
  }

  private void draw(String text) {
    out.print('\r' + text + " ".repeat(Math.max(0, drawn - text.length())));
    out.flush();
    drawn = text.length();
  }

  private void line(String text) {
    if (drawn > 0) {
      out.print('\r' + " ".repeat(drawn) + '\r');
      drawn = 0;
    }
    out.println(text);
    out.flush();
  }
}
