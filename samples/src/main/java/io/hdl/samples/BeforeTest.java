package io.hdl.samples;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.Opened;
import io.hdl.data.SeriesSource;
import io.hdl.data.series.Holdout;
import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The series of a table up to where their test part begins: who is handed them cannot look at it.
 *
 * @param source the whole
 * @param split says where the test part begins
 */
record BeforeTest(SeriesSource source, Split split) implements DataSource<SeriesStore> {
  @Override
  public void check(Problems problems) {
    source.check(problems);
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>(source.settings());
    settings.put("held_out", "test of " + String.join(";", split.settings().values()));
    return settings;
  }

  @Override
  public Opened<SeriesStore> open(JobContext context) {
    return cut(source.open(context));
  }

  /** The same outside a job. */
  Opened<SeriesStore> load(Path home) {
    return cut(source.load(home));
  }

  private Opened<SeriesStore> cut(Opened<SeriesStore> whole) {
    try (whole) {
      SeriesStore kept = Holdout.before(whole.data(), split, Part.TEST);
      Map<String, String> facts = new LinkedHashMap<>(whole.facts());
      facts.put("held out", "the test part");
      return new Opened<>(kept, whole.provenance(), facts);
    }
  }

  /** The split of what is kept: with the same training and validation part, without test. */
  Split kept() {
    if (split instanceof Split.Last last) {
      return Split.last(last.validation(), 0);
    }
    if (split instanceof Split.Steps steps) {
      return Split.steps(steps.train(), steps.validation(), 0);
    }
    throw new HdlException(
        ErrorCode.INVALID_SETTINGS,
        "split: " + split.settings() + " (expected: one that counts steps, to hold test out)");
  }
}
