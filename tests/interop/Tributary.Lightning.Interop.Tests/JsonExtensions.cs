using System.Text.Json;

namespace Tributary.Lightning.Interop.Tests;

/// <summary>Looks into reports.</summary>
internal static class JsonExtensions
{
    /// <summary>Has a property this text?</summary>
    internal static bool Has(this JsonElement report, string property, string value) =>
        report.TryGetProperty(property, out var found) && string.Equals(found.GetString(), value, StringComparison.Ordinal);
}
