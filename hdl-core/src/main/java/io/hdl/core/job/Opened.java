package io.hdl.core.job;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.provenance.DataProvenance;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Open data with its provenance. Closing it closes the data, if the data can be closed.
 *
 * @param data the data itself
 * @param provenance where it came from
 * @param facts what a user wants to see of it, by name: series, steps, left out
 */
public record Opened<D>(D data, DataProvenance provenance, Map<String, String> facts)
    implements AutoCloseable {
  /** Copies the facts and keeps their order. */
  public Opened {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  @Override
  public void close() {
    if (data instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new HdlException(
            ErrorCode.IO_FAILURE, "Cannot close the data of " + provenance.uri(), e);
      }
    }
  }
}
