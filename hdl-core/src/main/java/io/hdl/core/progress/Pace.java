package io.hdl.core.progress;

import io.hdl.core.event.JobEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Where training stands and how fast it goes, as one line. */
final class Pace {
  private static final int WIDEST_BAR = 30;
  private static final int NARROWEST_BAR = 6;

  /** Steps that were done before this process began; empty until the first step is known. */
  private OptionalLong before = OptionalLong.empty();

  private boolean resumed;

  /** Never grows, so that the bar does not breathe with the numbers beside it. */
  private int cells = WIDEST_BAR;

  private OptionalDouble loss = OptionalDouble.empty();

  void started(JobEvent.JobStarted event) {
    resumed = event.resumed().isPresent();
  }

  void step(JobEvent.StepFinished event) {
    if (before.isEmpty()) {
      before = OptionalLong.of(resumed ? event.step() - 1 : 0);
    }
    if (event.loss().isPresent()) {
      loss = event.loss();
    }
  }

  /** The line for a log. */
  String line(JobEvent.StepFinished event) {
    List<String> parts = new ArrayList<>();
    parts.add(epochOf(event));
    parts.add(stepOf(event) + " (" + percent(event) + "%)");
    parts.add(rate(event));
    remaining(event).ifPresent(seconds -> parts.add("ETA " + clock(seconds)));
    loss.ifPresent(value -> parts.add(lossText(value)));
    return String.join("  ", parts);
  }

  /**
   * The line for a terminal, at most as wide as asked: with too little room the step count goes
   * first, then the loss, then the rate.
   */
  String bar(JobEvent.StepFinished event, int width) {
    String head = epochOf(event) + " ";
    String tail = " " + percent(event) + "%";
    OptionalLong remaining = remaining(event);
    String eta = remaining.isPresent() ? "  ETA " + clock(remaining.getAsLong()) : "";
    String rate = "  " + rate(event);
    String lost = loss.isPresent() ? "  " + lossText(loss.getAsDouble()) : "";
    String steps = "  " + stepOf(event);
    for (String rest : List.of(rate + eta + lost + steps, rate + eta + lost, rate + eta, eta)) {
      int room = width - head.length() - tail.length() - rest.length() - 2;
      if (room >= NARROWEST_BAR) {
        cells = Math.min(cells, room);
        return head + drawing(event) + tail + rest;
      }
    }
    return head.strip() + tail;
  }

  private String drawing(JobEvent.StepFinished event) {
    int full = (int) (done(event) * cells);
    String head = full > 0 && full < cells ? "=".repeat(full - 1) + ">" : "=".repeat(full);
    return "[" + head + " ".repeat(cells - full) + "]";
  }

  private String epochOf(JobEvent.StepFinished event) {
    return "epoch " + event.epoch() + "/" + event.epochs();
  }

  private static String stepOf(JobEvent.StepFinished event) {
    return String.format(Locale.ROOT, "step %,d/%,d", event.step(), event.steps());
  }

  private static long percent(JobEvent.StepFinished event) {
    return (long) (done(event) * 100);
  }

  private static double done(JobEvent.StepFinished event) {
    return event.steps() <= 0 ? 0 : Math.min(1, (double) event.step() / event.steps());
  }

  private static String rate(JobEvent.StepFinished event) {
    double seconds = event.elapsed().toNanos() / 1e9;
    return seconds > 0
        ? String.format(Locale.ROOT, "%,.0f windows/s", event.windows() / seconds)
        : "- windows/s";
  }

  /** Seconds until the last planned step, by the pace of this process; empty at the end. */
  private OptionalLong remaining(JobEvent.StepFinished event) {
    long here = event.step() - before.orElse(0);
    long left = event.steps() - event.step();
    if (here <= 0 || left <= 0) {
      return OptionalLong.empty();
    }
    double seconds = event.elapsed().toNanos() / 1e9 / here * left;
    return OptionalLong.of(Math.round(seconds));
  }

  private static String lossText(double value) {
    return "loss " + ProgressText.number(value);
  }

  private static String clock(long seconds) {
    return ProgressText.clock(Duration.ofSeconds(seconds));
  }
}
