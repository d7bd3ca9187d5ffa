namespace Tributary.Lightning.Transport;

/// <summary>Why a handshake ended (BOLT 8). The connection is closed without another byte: the peer learns nothing from it.</summary>
public enum HandshakeError
{
    /// <summary>It goes on.</summary>
    None,

    /// <summary>An act of another length than 50, 50 and 66 bytes.</summary>
    BadLength,

    /// <summary>The leading byte is not zero.</summary>
    BadVersion,

    /// <summary>The key in the act is no point of the curve in compressed form.</summary>
    BadPublicKey,

    /// <summary>The encrypted static key of act three fails its check.</summary>
    BadCiphertext,

    /// <summary>The act's closing tag fails its check: the peer does not hold the key that it should, or the bytes were changed.</summary>
    BadTag,

    /// <summary>An act came after the handshake had failed or was over.</summary>
    OutOfTurn,
}
