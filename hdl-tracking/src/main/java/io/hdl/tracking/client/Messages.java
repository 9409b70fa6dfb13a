package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import org.mlflow_project.google.protobuf.InvalidProtocolBufferException;
import org.mlflow_project.google.protobuf.Message;
import org.mlflow_project.google.protobuf.util.JsonFormat;

/** MLflow's messages and their JSON, as it goes over the wire. */
final class Messages {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

  private Messages() {}

  static String print(Message message) {
    try {
      return PRINTER.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new HdlException(
          ErrorCode.INTERNAL, "Cannot write a " + message.getClass().getName() + " as JSON", e);
    }
  }

  /** What a server answered; fields that this release does not know are left out. */
  static <B extends Message.Builder> B parse(TrackingServer server, String json, B builder) {
    try {
      PARSER.merge(json, builder);
      return builder;
    } catch (InvalidProtocolBufferException e) {
      throw new HdlException(
          ErrorCode.REFUSED_BY_SERVICE,
          "The answer of %s is not MLflow's (%s). Check that MLFLOW_TRACKING_URI is the address of an MLflow server, with the path under which it is served."
              .formatted(server, e.getMessage()),
          e);
    }
  }
}
