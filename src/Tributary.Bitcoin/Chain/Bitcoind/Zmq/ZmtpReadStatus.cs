namespace Tributary.Bitcoin.Chain.Bitcoind.Zmq;

/// <summary>What became of an attempt to read a frame.</summary>
internal enum ZmtpReadStatus
{
    /// <summary>A frame was read.</summary>
    Complete,

    /// <summary>The bytes are the beginning of a frame.</summary>
    NeedsMore,

    /// <summary>The bytes are no frame, or one larger than the bound.</summary>
    Invalid,
}
