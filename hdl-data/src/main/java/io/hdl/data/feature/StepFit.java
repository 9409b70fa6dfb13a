package io.hdl.data.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fits the steps of a pipeline: each on what the steps before it leave. Steps that do not depend on
 * each other are fitted in the same passes over the data.
 */
final class StepFit {
  /** Fits at a time: each thread may hold a few MiB for each. */
  private static final int MAX_AT_ONCE = 8;

  private final List<Step> steps;
  private final Schema input;
  private final @Nullable FittedStep[] fitted;

  private StepFit(List<Step> steps, Schema input) {
    this.steps = steps;
    this.input = input;
    this.fitted = new FittedStep[steps.size()];
  }

  /**
   * All steps, fitted.
   *
   * @param input the columns of the data
   */
  static List<FittedStep> of(List<Step> steps, Schema input, TrainingFrames frames) {
    Schema checked = input.copy();
    steps.forEach(step -> step.shape(checked));
    return new StepFit(steps, input).fit(frames);
  }

  private List<FittedStep> fit(TrainingFrames frames) {
    for (int i = 0; i < fitted.length; i++) {
      if (steps.get(i) instanceof FittedStep step) {
        fitted[i] = step;
      }
    }
    while (Arrays.asList(fitted).contains(null)) {
      List<Integer> numbers = new ArrayList<>();
      List<TrainingFrames.Fitting> fittings = new ArrayList<>();
      for (int i = 0; i < fitted.length && fittings.size() < MAX_AT_ONCE; i++) {
        TrainingFrames.Fitting next = fitted[i] == null ? fitting(i) : null;
        if (next != null) {
          numbers.add(i);
          fittings.add(next);
        }
      }
      int passes = fittings.stream().mapToInt(f -> f.gatherer().passes()).max().orElseThrow();
      for (int pass = 0; pass < passes; pass++) {
        int now = pass;
        frames.read(fittings.stream().filter(f -> now < f.gatherer().passes()).toList(), pass);
      }
      for (int i = 0; i < numbers.size(); i++) {
        fitted[numbers.get(i)] = fittings.get(i).gatherer().fitted();
      }
    }
    List<FittedStep> all = new ArrayList<>();
    for (FittedStep step : fitted) {
      if (step != null) {
        all.add(step);
      }
    }
    return all;
  }

  /** How a step is fitted, or null if one that it depends on has to be fitted first. */
  private TrainingFrames.@Nullable Fitting fitting(int number) {
    UnfittedStep step = (UnfittedStep) steps.get(number);
    List<FittedStep> before = new ArrayList<>();
    for (int needed : dependencies(number)) {
      FittedStep ready = fitted[needed];
      if (ready == null) {
        return null;
      }
      before.add(ready);
    }
    Schema schema = input.copy();
    List<FittedStep.Operation> operations = new ArrayList<>();
    before.forEach(earlier -> operations.add(earlier.bind(schema)));
    return new TrainingFrames.Fitting(
        step.gatherer(schema), schema, operations, schema.find(step.column(), step.text()));
  }

  /** The steps before one that change what it reads, themselves or through others; ascending. */
  private List<Integer> dependencies(int number) {
    Set<String> columns = new HashSet<>(steps.get(number).reads());
    boolean all = steps.get(number).readsAll();
    List<Integer> needed = new ArrayList<>();
    for (int i = number - 1; i >= 0; i--) {
      Step before = steps.get(i);
      if (all || before.writes().stream().anyMatch(columns::contains)) {
        needed.add(0, i);
        columns.addAll(before.reads());
        all |= before.readsAll();
      }
    }
    return needed;
  }
}
