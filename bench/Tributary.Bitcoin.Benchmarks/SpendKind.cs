namespace Tributary.Bitcoin.Benchmarks;

/// <summary>The kinds of inputs that are measured.</summary>
public enum SpendKind
{
    P2wpkh,
    P2tr,
}
