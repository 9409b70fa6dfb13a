package io.hdl.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class ServersTest {
  @Test
  void skipsByNameUnlessServersAreRequired() {
    assertThat(Servers.missing("there is no python3.", false))
        .isInstanceOf(TestAbortedException.class)
        .hasMessage("Skipped: there is no python3.");
    assertThat(Servers.missing("there is no python3.", true))
        .isInstanceOf(AssertionError.class)
        .hasMessage("there is no python3. HDL_REQUIRE_SERVERS=true forbids to skip the test.");
  }

  @Test
  void keepsWhatACommandPrints() throws IOException {
    String java = System.getProperty("java.home") + "/bin/java";
    ExternalCommand.Result result =
        ExternalCommand.run(List.of(java, "NoSuchClass"), Map.of(), Duration.ofMinutes(1));
    assertThat(result.exit()).isNotZero();
    assertThat(result.tail()).contains("NoSuchClass");
  }

  @Test
  void givesTheLastLines() {
    assertThat(ExternalCommand.lastLines("a\n\nb\nc\n", 2))
        .isEqualTo("b" + System.lineSeparator() + "c");
  }
}
