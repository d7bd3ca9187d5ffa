using System.Collections.Immutable;

namespace Tributary.Intelligence.Privacy;

/// <summary>
/// What an erasure destroyed: numbers of keys, which name nobody. Keep receipts apart from backups: a backup of the keys that is older than the erasure
/// brings them back, and <see cref="SubjectKeys.Reapply"/> destroys them again.
/// </summary>
/// <param name="Keys">The numbers of the keys destroyed.</param>
/// <param name="Shared">Identities that stay because somebody else has them too, such as a family's device.</param>
public sealed record ErasureReceipt(ImmutableArray<long> Keys, int Shared);
