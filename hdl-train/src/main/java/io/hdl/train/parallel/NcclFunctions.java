package io.hdl.train.parallel;

import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * NCCL's C functions, named as there (NCCL User Guide, "NCCL API"; {@code nccl.h} 2.26). A {@code
 * size_t} is a {@code long}: NCCL exists for 64 bits only.
 */
interface NcclFunctions extends Library {
  int SUCCESS = 0;
  int IN_PROGRESS = 7;

  int FLOAT32 = 7;
  int SUM = 0;

  /** {@code NCCL_UNIQUE_ID_BYTES}. */
  int UNIQUE_ID_BYTES = 128;

  /** What hdl calls, to be found all in one library. */
  List<String> NAMES =
      List.of(
          "ncclGetVersion",
          "ncclGetUniqueId",
          "ncclCommInitRankConfig",
          "ncclCommGetAsyncError",
          "ncclCommFinalize",
          "ncclCommDestroy",
          "ncclCommAbort",
          "ncclGetErrorString",
          "ncclGetLastError",
          "ncclAllReduce",
          "ncclGroupStart",
          "ncclGroupEnd");

  /** {@code ncclUniqueId}, which goes by value. */
  @FieldOrder("internal")
  class UniqueId extends Structure implements Structure.ByValue {
    /** The id's bytes. */
    public byte[] internal = new byte[UNIQUE_ID_BYTES];

    /** The id that {@code ncclGetUniqueId} wrote. */
    static UniqueId read(Pointer memory) {
      UniqueId id = new UniqueId();
      id.internal = memory.getByteArray(0, UNIQUE_ID_BYTES);
      return id;
    }
  }

  /**
   * The beginning of {@code ncclConfig_t} that NCCL 2.14 has and later ones still read: they take
   * as much as {@code size} says and their defaults for the rest.
   */
  @FieldOrder({"size", "magic", "version", "blocking"})
  class Config extends Structure {
    /** Bytes of this structure. */
    public long size;

    /** Always the same. */
    public int magic = 0xcafebeef;

    /** {@code NCCL_VERSION(2, 14, 0)}. */
    public int version = 21400;

    /** Whether calls wait. */
    public int blocking;

    /** A communicator whose calls return at once, so that none waits for a rank that is lost. */
    static Config nonBlocking() {
      Config config = new Config();
      config.size = config.size();
      return config;
    }
  }

  int ncclGetVersion(IntByReference version);

  int ncclGetUniqueId(Pointer id);

  int ncclCommInitRankConfig(
      PointerByReference communicator, int ranks, UniqueId id, int rank, Config config);

  int ncclCommGetAsyncError(Pointer communicator, IntByReference result);

  int ncclCommFinalize(Pointer communicator);

  int ncclCommDestroy(Pointer communicator);

  int ncclCommAbort(Pointer communicator);

  String ncclGetErrorString(int result);

  @Nullable String ncclGetLastError(@Nullable Pointer communicator);

  int ncclAllReduce(
      Pointer from,
      Pointer to,
      long count,
      int dataType,
      int operation,
      Pointer communicator,
      @Nullable Pointer stream);

  int ncclGroupStart();

  int ncclGroupEnd();
}
