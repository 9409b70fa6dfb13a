package io.hdl.data.series;

import io.hdl.core.provenance.DataProvenance;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a builder of a {@link StoreCache} puts its series. Belongs to one thread. */
public final class StoreTarget {
  /**
   * What a builder tells of a store once it is made.
   *
   * @param provenance where the series came from
   * @param facts what is worth telling of them, by name
   * @param warnings what people should know of the values
   * @param commit what the version's commit looked like before it was read
   */
  public record Made(
      DataProvenance provenance,
      Map<String, String> facts,
      List<String> warnings,
      CommitMark commit) {}

  private final StoreMemory memory;
  private @Nullable SeriesStore store;

  StoreTarget(StoreMemory memory) {
    this.memory = memory;
  }

  /** Reads all rows into the store. Called once. */
  public void assemble(SeriesAssembler assembler, RowReader rows) {
    store = assembler.in(memory, rows);
  }

  /** What the file says of itself. */
  StoreDescription describe(StoreKey key, Made made, int[] segments) {
    SeriesStore done = store;
    if (done == null) {
      throw new IllegalStateException("nothing was assembled");
    }
    return new StoreDescription(
        key.text(),
        done.axis(),
        done.channels(),
        done.constants(),
        ((SeriesKeys) done.keys()).parts(),
        done.seriesCount(),
        segments,
        made.provenance(),
        made.facts(),
        made.warnings(),
        made.commit());
  }
}
