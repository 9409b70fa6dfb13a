package io.hdl.core.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleGpusTest {
  private static final List<Gpu> ALL = FakeNvml.gpus(4);

  @Test
  void showsAllWithoutTheVariable() {
    assertThat(VisibleGpus.of(ALL, Optional.empty())).isEqualTo(ALL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2,0           | GPU-2a1b2 GPU-0a1b2",
        "gpu-3, 1      | GPU-3a1b2 GPU-1a1b2",
        "1,9,0         | GPU-1a1b2",
        "-1            | ''",
        "''            | ''",
        "MIG-a,MIG-b   | GPU-0a1b2 GPU-1a1b2 GPU-2a1b2 GPU-3a1b2",
      })
  void obeysTheListAsCudaDoes(String variable, String uuids) {
    List<Gpu> visible = VisibleGpus.of(ALL, Optional.of(variable));
    assertThat(String.join(" ", visible.stream().map(Gpu::uuid).toList())).isEqualTo(uuids);
    for (int i = 0; i < visible.size(); i++) {
      assertThat(visible.get(i).index()).isEqualTo(i);
    }
  }
}
