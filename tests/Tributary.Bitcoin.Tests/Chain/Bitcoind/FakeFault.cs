namespace Tributary.Bitcoin.Tests.Chain.Bitcoind;

/// <summary>An error for <see cref="FakeNode"/> to answer with.</summary>
internal sealed class FakeFault(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
