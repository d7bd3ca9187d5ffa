namespace Tributary.Lightning.Peers;

/// <summary>Why a connection ended, for a program and for a person.</summary>
public sealed record PeerClosure(PeerClosureKind Kind, string Reason)
{
    public override string ToString() => $"{Kind}: {Reason}";
}
