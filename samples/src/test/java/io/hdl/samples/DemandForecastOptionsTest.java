package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be told to be wrong without reading anything. */
class DemandForecastOptionsTest {
  @Test
  void listsItsOptions() {
    CommandLineRun run = CommandLineRun.demandForecast("--help");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("--table", "--key", "--frequency", "--gaps", "--json", "--no-track", "143");
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--frequency | Y | expected one of D, W, M, H, integer but was 'Y'",
        "--split | 1,2 | expected TRAIN,VALIDATION,TEST in steps, last, or last:VALIDATION,TEST",
        "--split | last:x,y | expected TRAIN,VALIDATION,TEST in steps",
        "--loss | huber | expected mae, mse or quantiles:0.1,0.5,0.9 but was 'huber'",
        "--loss | quantiles:2 | expected quantiles such as quantiles:0.1,0.5,0.9",
        "--devices | tpu | expected auto, cpu, all or GPU numbers such as 0,1 but was 'tpu'",
        "--model | arima | expected one of [dlinear, nhits]",
        "--gaps | drop | expected one of [zero, missing]",
        "--scale | log | expected one of [none, standard, mean]",
        "--series | some | expected one of [all, complete]",
        "--horizon | many | 'many' is not an int",
        "--epochs | 0 | --epochs: 0 (expected: >= 1)",
        "--batch-size | -1 | --batch-size: -1 (expected: >= 1)",
        "--learning-rate | 3 | --learning-rate: 3.0 (expected: above 0 and below 1)",
        "--season | 0 | --season: 0 (expected: >= 1)",
        "--version | -1 | --version: -1 (expected: >= 0)",
        "--colour | red | Unknown option"
      })
  void saysWhatIsWrongWithAnOption(String option, String value, String message) {
    CommandLineRun run = CommandLineRun.demandForecast(option + "=" + value);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }
}
