using System.Text.Json;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;

namespace EcoLabelRegistry.Registers;

/// <summary>The rows of a register as they come: from a body in one of its forms, or from a list in the process.</summary>
public abstract class RegisterRows
{
    /// <summary>The columns of the stage's rows.</summary>
    private static readonly string[] Columns = ["line", "id", "data"];

    /// <summary>True when rows of one certificate are lines of it; else a second one is refused.</summary>
    internal virtual bool AreLines => false;

    /// <summary>Puts every row on the stage under the certificate that it is of. What names none is refused at once; all else is judged later.</summary>
    internal abstract Task StageAsync(RegisterStage stage, string scheme, ImportCounts counts, CancellationToken cancel);

    /// <summary>Puts one row on the stage: the JSON of a certificate.</summary>
    private protected static void Add(RegisterStage stage, string scheme, long line, byte[] json)
    {
        if (Identify(scheme, json) is { } id)
        {
            stage.Add("row", Columns, line, id, json);
            return;
        }

        stage.Unidentified++;
        try
        {
            // Something is wrong with it, if only that it has no number: said here, since nothing can be put beside it.
            stage.Refuse(line, Refusal.Invalid(CertificateRules.Faults(Json.Read<CertificateBody>(json) with { Scheme = scheme })));
        }
        catch (RefusalException refusal)
        {
            stage.Refuse(line, Judge.OfOneLine(refusal));
        }
    }

    // A glance at number and key: the rest of the row, right or wrong, is read when it is judged.
    private static string? Identify(string scheme, byte[] json)
    {
        try
        {
            var identity = JsonSerializer.Deserialize<Identity>(json, JsonSerializerOptions.Web);
            return identity.Number is null && identity.Key is null ? null : ProductIdentity.CertificateId(scheme, identity.Number, identity.Key);
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private readonly record struct Identity(string? Number, string? Key);
}

/// <summary>A register as NDJSON: one certificate a line.</summary>
/// <param name="body">The body.</param>
public sealed class NdjsonRows(Stream body) : RegisterRows
{
    /// <inheritdoc />
    internal override async Task StageAsync(RegisterStage stage, string scheme, ImportCounts counts, CancellationToken cancel)
    {
        for (var lines = new CutLines(body, quotes: false); await lines.ReadAsync(cancel); counts.Received++)
        {
            if (lines.Fault is { } fault)
            {
                stage.Unidentified++;
                stage.Refuse(lines.Line, new(ProblemCode.UnreadableBody, fault));
                continue;
            }

            Add(stage, scheme, lines.Line, lines.Current.ToArray());
        }
    }
}

/// <summary>Certificates that are in memory already, such as those of the reference registry; the first is line 1.</summary>
/// <param name="rows">The certificates.</param>
public sealed class ListedRows(IReadOnlyList<CertificateBody> rows) : RegisterRows
{
    /// <inheritdoc />
    internal override Task StageAsync(RegisterStage stage, string scheme, ImportCounts counts, CancellationToken cancel)
    {
        foreach (var row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            Add(stage, scheme, ++counts.Received, JsonSerializer.SerializeToUtf8Bytes(row, RecordJson.Options));
        }

        return Task.CompletedTask;
    }
}
