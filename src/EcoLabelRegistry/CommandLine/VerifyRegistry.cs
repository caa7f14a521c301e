using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.CommandLine;

/// <summary>Proves the change log of the configured database, without a service.</summary>
internal static class VerifyRegistry
{
    public static async Task<Done> RunAsync(Call call, CancellationToken cancel)
    {
        await using var registry = await StoredRegistry.OpenAsync(call.Settings.Database, cancel);
        var proof = await registry.ProveAsync(cancel);
        return proof.Valid
            ? new Done(new Message("command.verified", proof.Revision, proof.Head))
            : new Done(new Message("command.not-verified", proof.FirstBad, proof.Revision, proof.Head), ExitCode: 1);
    }
}
