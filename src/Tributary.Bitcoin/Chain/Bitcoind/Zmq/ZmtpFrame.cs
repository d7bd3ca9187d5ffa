namespace Tributary.Bitcoin.Chain.Bitcoind.Zmq;

/// <summary>A frame of ZMTP 3.0 (RFC 23/ZMTP): one part of a message, or a command.</summary>
/// <param name="IsCommand">A command of the protocol, not part of a message.</param>
/// <param name="HasMore">More parts of the message follow.</param>
/// <param name="Body">What it carries.</param>
internal readonly record struct ZmtpFrame(bool IsCommand, bool HasMore, ReadOnlyMemory<byte> Body);
