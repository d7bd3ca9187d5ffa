namespace Tributary.Rollup.Signatures;

/// <summary>Where a wallet keeps which indices are spent. One for each key.</summary>
public interface ISigningJournal
{
    /// <summary>
    /// Makes a record durable: when it returns, a crash of process or machine no longer loses the record. Where it throws, the record may be there or
    /// not, and the index counts as spent.
    /// </summary>
    ValueTask AppendAsync(SigningRecord record, CancellationToken cancellationToken);
}
