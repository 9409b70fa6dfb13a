package io.hdl.core.error;

/** What kind of failure an {@link HdlException} reports. Codes are stable; messages are not. */
public enum ErrorCode {
  /** Settings that contradict each other or lie out of range; found before any I/O. */
  INVALID_SETTINGS,
  /** An argument of one call is out of range. */
  INVALID_ARGUMENT,
  /** A file, table, run or object that does not exist. */
  NOT_FOUND,
  /** The path exists but holds no Delta log. */
  NOT_A_DELTA_TABLE,
  /** The table has no such version, or none at the timestamp asked for. */
  VERSION_NOT_FOUND,
  /** The log lists data files that are gone, for instance after VACUUM. */
  DATA_FILES_MISSING,
  /** A table or file feature that this release does not read. */
  UNSUPPORTED_FEATURE,
  /** A column that is unknown or has the wrong type for its role. */
  SCHEMA_MISMATCH,
  /** Rows that contradict the series specification, for instance two rows with one key and time. */
  INVALID_DATA,
  /** Too little data for the job, for instance no series long enough for context and horizon. */
  NOT_ENOUGH_DATA,
  /** Bytes that fail a checksum or do not follow their format. */
  CORRUPT_DATA,
  /** Reading or writing a local file failed. */
  IO_FAILURE,
  /** No room on a disk. */
  NO_SPACE,
  /** A remote service did not answer in time or refused the connection. */
  UNAVAILABLE,
  /** A remote service answered with an error that a repetition will not change. */
  REFUSED_BY_SERVICE,
  /** No credential, or one that the service does not accept. */
  UNAUTHENTICATED,
  /** A valid credential without the permission that is needed. */
  PERMISSION_DENIED,
  /** The host lacks something the job asked for: a GPU, a native library, a driver. */
  ENVIRONMENT_MISMATCH,
  /** Another job holds what this one needs. */
  BUSY,
  /** The job was cancelled. */
  CANCELLED,
  /** Training left the finite numbers. */
  DIVERGED,
  /** Host or device memory is exhausted. */
  OUT_OF_MEMORY,
  /** A device, or the exchange between devices, failed. */
  DEVICE_FAILURE,
  /** It is not known whether the operation took effect. */
  UNKNOWN_OUTCOME,
  /** A defect in hdl or in a library below it. */
  INTERNAL;

  /**
   * Whether the cause lies around the job, in disks, networks, permissions, memory or devices, and
   * not in its settings, data or code: the same work may succeed once it is mended.
   */
  public boolean liesAround() {
    return switch (this) {
      case IO_FAILURE,
          NO_SPACE,
          UNAVAILABLE,
          UNAUTHENTICATED,
          PERMISSION_DENIED,
          ENVIRONMENT_MISMATCH,
          BUSY,
          OUT_OF_MEMORY,
          DEVICE_FAILURE ->
          true;
      default -> false;
    };
  }
}
