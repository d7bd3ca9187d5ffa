using System.Text.Json;
using Tributary.Payments.Reconciliation;
using Tributary.Server.Payments;
using Tributary.Storage.Relational;

namespace Tributary.Server.Backups;

/// <summary>The first start after a restore: outgoing money is stopped, because the books do not know what was paid since the backup.</summary>
internal static class RestoredStart
{
    /// <summary>The note of a restored folder; null for one that never was.</summary>
    /// <exception cref="DatabaseLostException">The note is damaged.</exception>
    public static async Task<RestoredNote?> TakeAsync(string dataFolder, IDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var path = Path.Combine(dataFolder, RestoredNote.FileName);
        if (!File.Exists(path))
            return null;
        RestoredNote note;
        try
        {
            note = JsonSerializer.Deserialize(await File.ReadAllTextAsync(path, cancellationToken), BackupJson.Default.RestoredNote) ?? throw new JsonException("it is empty");
        }
        catch (JsonException exception)
        {
            throw new DatabaseLostException($"'{path}' is damaged ({exception.Message}): restore the backup again.", exception);
        }

        if (note.IsTold)
            return note;
        await new OutgoingSwitch(database, clock).StopAsync(Words(note) + " Compare refunds and payouts with what really left since then, and resume.", cancellationToken);
        note = note with { IsTold = true };
        await PaymentStart.WritePrivateAsync(path, JsonSerializer.Serialize(note, BackupJson.Default.RestoredNote), cancellationToken);
        return note;
    }

    /// <summary>What the operator has to know.</summary>
    public static string Words(RestoredNote note) => $"This server was restored from the backup of {note.BackupAt:u}: what happened after it is not in its books.";
}
