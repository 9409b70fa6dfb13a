package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hdl.core.error.Problems;
import io.hdl.samples.Choices.SettingsChoice;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.DeepAr;
import io.hdl.train.model.Models;
import io.hdl.train.optim.LearningRate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be told to be wrong without reading anything. */
class DemandForecastOptionsTest {
  @Test
  void listsItsOptions() {
    CommandLineRun run = CommandLineRun.demandForecast("--help");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("--table", "--key", "--frequency", "--gaps", "--json", "--[no-]track", "143");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void namesEverythingThatATableNeeds() {
    CommandLineRun run = CommandLineRun.demandForecast("--table", "sales", "--horizon", "0");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "--key: not given (expected beside --table)",
            "--time: not given",
            "--frequency: not given",
            "--target: not given",
            "--context: not given",
            "--horizon: 0 (expected: >= 1)")
        .doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void refusesColumnsWithoutATable() {
    CommandLineRun run = CommandLineRun.demandForecast("--key", "a", "--target", "y");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--key: given without --table", "--target: given without");
  }

  @Test
  void refusesACalendarOfIntegers() {
    CommandLineRun run =
        CommandLineRun.demandForecast(
            "--table=t", "--key=a", "--time=t", "--frequency=integer", "--features=lags,calendar");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--features: calendar (expected: a frequency with a calendar");
  }

  @ParameterizedTest
  @MethodSource("wrongOptions")
  void saysWhatIsWrongWithAnOption(String option, String value, String message) {
    CommandLineRun run = CommandLineRun.demandForecast(option + "=" + value);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void listsTheModelsThatThereAre() {
    assertThat(Choices.MODELS).isEqualTo(String.join(", ", Models.names()));
    CommandLineRun run = CommandLineRun.demandForecast("--help");
    assertThat(run.out()).contains("patchtst");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mae",
        "mse",
        "huber:1",
        "quantiles:0.1,0.5",
        "smape",
        "mase:24",
        "poisson",
        "tweedie:1.5",
        "gaussian",
        "student_t:0.1,0.9",
        "negative_binomial"
      })
  void readsEveryLoss(String text) {
    Loss loss = new Choices.LossOf().convert(text);
    assertThat(loss.name()).startsWith(text.substring(0, Math.max(3, text.indexOf(':'))));
    assertThat(Losses.named(loss.name())).isEqualTo(loss);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "constant=constant",
        "cosine=cosine",
        "step:1,0.5=step",
        "one_cycle=one_cycle",
        "plateau=plateau"
      })
  void readsEverySchedule(String text, String name) {
    assertThat(new Choices.ScheduleOf().convert(text).name()).isEqualTo(name);
  }

  @Test
  void readsTheStepsOfASchedule() {
    assertThat(new Choices.ScheduleOf().convert("step:3,0.9")).isEqualTo(LearningRate.step(3, 0.9));
  }

  @Test
  void beginsWithThePapersSettingsWhereThatIsAskedFor() {
    TrainingOptions options = new TrainingOptions();
    options.settings = SettingsChoice.published;
    options.modelSettings.put("kernel", "5");
    Problems problems = new Problems();
    assertThat(TrainingChoices.model(problems, options, "dlinear"))
        .isEqualTo(DLinear.published().kernel(5))
        .isNotEqualTo(DLinear.defaults().kernel(5));
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void showsDeepArTheStepASeasonAgoUnlessItsLagsWereGiven() {
    TrainingOptions options = new TrainingOptions();
    DeepAr deepAr = DeepAr.defaults();
    assertThat(TrainingChoices.seeingSeason(deepAr, options, 7, 28)).isEqualTo(deepAr.lags(1, 7));
    assertThat(TrainingChoices.seeingSeason(deepAr, options, 28, 28)).isEqualTo(deepAr);
    assertThat(TrainingChoices.seeingSeason(deepAr, options, 1, 28)).isEqualTo(deepAr);
    options.modelSettings.put("lags", "1");
    assertThat(TrainingChoices.seeingSeason(deepAr, options, 7, 28)).isEqualTo(deepAr);
    assertThat(TrainingChoices.seeingSeason(DLinear.defaults(), options, 7, 28))
        .isEqualTo(DLinear.defaults());
  }

  static Stream<Arguments> wrongOptions() {
    return Stream.of(
        arguments("--json", "no-such-folder/r.json", "expected: - or a file in an existing"),
        arguments("--frequency", "Y", "expected one of D, W, M, H, integer but was 'Y'"),
        arguments(
            "--split",
            "1,2",
            "expected TRAIN,VALIDATION,TEST in steps, last, or last:VALIDATION,TEST"),
        arguments("--split", "last:x,y", "expected TRAIN,VALIDATION,TEST in steps"),
        arguments("--loss", "cauchy", "or negative_binomial:0.1,0.9 but was 'cauchy'"),
        arguments("--loss", "quantiles:2", "expected mae, mse, huber:1, quantiles:0.1,0.5,0.9"),
        arguments(
            "--devices", "tpu", "expected auto, cpu, all or GPU numbers such as 0,1 but was 'tpu'"),
        arguments("--model", "arima", "expected one of [deepar, dlinear, nbeats"),
        arguments("--settings", "mine", "expected one of [defaults, published]"),
        arguments("--schedule", "step:0,2", "expected constant, cosine, step:1,0.5, one_cycle"),
        arguments("--schedule", "step:1", "or plateau but was 'step:1'"),
        arguments("--schedule", "warm", "or plateau but was 'warm'"),
        arguments("--gaps", "drop", "expected one of [zero, missing]"),
        arguments("--scale", "log", "expected one of [none, standard, mean]"),
        arguments("--features", "moon", "expected one of [calendar, lags]"),
        arguments("--series", "some", "expected one of [all, complete]"),
        arguments("--horizon", "many", "'many' is not an int"),
        arguments("--epochs", "0", "--epochs: 0 (expected: >= 1)"),
        arguments("--batch-size", "-1", "--batch-size: -1 (expected: >= 1)"),
        arguments("--learning-rate", "3", "--learning-rate: 3.0 (expected: above 0 and below 1)"),
        arguments("--season", "0", "--season: 0 (expected: >= 1)"),
        arguments("--version", "-1", "--version: -1 (expected: >= 0)"),
        arguments("--colour", "red", "Unknown option"));
  }
}
