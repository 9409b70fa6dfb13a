package io.hdl.core.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataProvenanceTest {
  private static DataProvenance sales() {
    return new DataProvenance(
        "sales",
        "abfss://c@a.dfs.core.windows.net/sales",
        3,
        Instant.EPOCH,
        "id",
        List.of("units"),
        Map.of("key", "store"),
        5,
        1);
  }

  @Test
  void tellsHowTheDataWereReachedBesideWhatTheyAre() {
    DataProvenance reached = sales().reachedBy(Map.of("identity", "managed identity secret"));
    assertThat(reached.access()).containsEntry("identity", "managed identity secret");
    assertThat(reached.specification()).isEqualTo(sales().specification());
    assertThat(reached.redacted(text -> text.replace("secret", "***")).access())
        .containsEntry("identity", "managed identity ***");
  }

  @Test
  void readsRecordsOfEarlierReleases() {
    String written = Json.write(sales());
    String earlier = written.replace(",\"access\":{}", "");
    assertThat(earlier).isNotEqualTo(written);
    assertThat(Json.read(earlier, DataProvenance.class, "a record")).isEqualTo(sales());
  }
}
