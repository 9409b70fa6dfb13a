package io.hdl.data.storage;

import io.hdl.core.identity.Secret;
import io.hdl.core.identity.TokenSource;
import java.time.InstantSource;

/** With what the lake is asked. Two are equal if a client of the one may serve the other. */
sealed interface LakeCredential {
  /** Who asks, for people; holds no secret. */
  String description();

  /** Puts it on requests to an account. */
  RequestSigner signer(String account);

  /** A source of tokens; the same source, not an equal one. */
  final class Tokens implements LakeCredential {
    private final TokenSource source;

    Tokens(TokenSource source) {
      this.source = source;
    }

    TokenSource source() {
      return source;
    }

    @Override
    public String description() {
      return source.description();
    }

    @Override
    public RequestSigner signer(String account) {
      return new BearerSigner(source);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Tokens tokens && tokens.source == source;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(source);
    }
  }

  /** The account's key. */
  final class AccountKey implements LakeCredential {
    private final Secret key;
    private final Object origin;

    /** Of two keys from equal origins it is known, without a look at them, that they are one. */
    AccountKey(Secret key, Object origin) {
      this.key = key;
      this.origin = origin;
    }

    String reveal() {
      return key.reveal();
    }

    @Override
    public String description() {
      return "the account's key";
    }

    @Override
    public RequestSigner signer(String account) {
      return new SharedKeySigner(account, key::reveal, InstantSource.system());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof AccountKey that && that.origin.equals(origin);
    }

    @Override
    public int hashCode() {
      return origin.hashCode();
    }
  }
}
