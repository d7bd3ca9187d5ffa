using Tributary.Primitives.Results;

namespace Tributary.Cli.Backups;

/// <summary>Where the passphrase of a backup comes from, so that it stands neither in the history of a shell nor in a list of processes.</summary>
internal static class BackupPassphrase
{
    internal const string Variable = "TRIBUTARY_BACKUP_PASSPHRASE";

    private const int LengthMin = 12;

    internal static async Task<Result<string, Refusal>> ReadAsync(bool isNew, CancellationToken cancellationToken)
    {
        var given = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : await Console.In.ReadLineAsync(cancellationToken);
        if (string.IsNullOrEmpty(given))
            return new Refusal(Variable, "is empty, and nothing came on standard input: give the backup's passphrase");
        return isNew && given.Length < LengthMin
            ? new Refusal(Variable, $"has {given.Length} characters: the file holds the keys to money, so take at least {LengthMin}")
            : given;
    }
}
