namespace Tributary.Lightning.Tests.Commitments;

/// <summary>A row of the BOLT 3 vectors, whose channel is that of <see cref="VectorChannel"/>.</summary>
internal sealed record CommitmentVector(
    string Name,
    long ToLocalMilliSatoshis,
    long ToRemoteMilliSatoshis,
    long DustLimitSatoshis,
    long FeeratePerKw,
    bool HasHtlcs,
    string RemoteSignature,
    string Commitment,
    (string RemoteSignature, string Transaction)[] HtlcTransactions);
