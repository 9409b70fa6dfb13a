package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MultiReplicaTest {
  private static final Pattern LINE =
      Pattern.compile(
          "(\\d) replicas?: 12 steps, [\\d.]+ steps/s, loss ([\\d.]+) to ([\\d.]+),"
              + " SHA-256 ([0-9a-f]{64})");

  @Test
  void showsTheSameWeightsForAnyNumberOfReplicas() {
    CommandLineRun run =
        CommandLineRun.multiReplica(
            "--replicas", "1,2,4", "--steps", "12", "--model", "dlinear", "--micro-batches", "4");
    assertThat(run.status()).as(run.err()).isZero();
    List<MatchResult> lines = LINE.matcher(run.out()).results().toList();
    assertThat(lines).extracting(line -> line.group(1)).containsExactly("1", "2", "4");
    assertThat(lines).extracting(line -> line.group(4)).containsOnly(lines.get(0).group(4));
    for (MatchResult line : lines) {
      assertThat(Double.parseDouble(line.group(3))).isLessThan(Double.parseDouble(line.group(2)));
    }
    assertThat(run.out()).contains("The weights are the same bits on all of them.");
  }

  @Test
  void refusesMoreReplicasThanMicroBatches() {
    CommandLineRun run =
        CommandLineRun.multiReplica("--replicas", "1,4", "--steps", "1", "--micro-batches", "2");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("there are more replicas than micro-batches");
    assertThat(CommandLineRun.multiReplica("--model", "unknown").status()).isEqualTo(2);
  }

  @Test
  void saysWhenTheTrainingDiverged() {
    CommandLineRun run =
        CommandLineRun.multiReplica(
            "--replicas",
            "1,2",
            "--steps",
            "6",
            "--model",
            "dlinear",
            "--micro-batches",
            "2",
            "--learning-rate",
            "1e38");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("But the training DIVERGED at step [2-6]: its loss or gradient is not");
  }
}
