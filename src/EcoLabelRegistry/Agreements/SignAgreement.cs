using System.Text.Json.Nodes;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Agreements;

/// <summary>Signs a text, or an accession, for the schemes of the caller's body. The last signature lets it take effect.</summary>
public static class SignAgreement
{
    /// <param name="Agreement">Code of the agreement.</param>
    /// <param name="TextHash">Hash of what is signed; may be absent where only one text waits.</param>
    /// <param name="Actor">Who signs.</param>
    public sealed record Request(string Agreement, string? TextHash, Actor Actor) : IRequest<Written>;

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.TextHash).IsText(Limits.Line);
    }

    internal sealed class Handler(ChangeLog log) : IRequestHandler<Request, Written>
    {
        public Task<Written> Handle(Request request, CancellationToken cancel) => log.WriteAsync(
            async write =>
            {
                var before = write.Registry.Agreements.GetValueOrDefault(request.Agreement)?.Entry ?? throw Refusal.NotFound(Thing.Agreement, request.Agreement);
                var document = Find(before, request, write.Registry);
                var schemes = request.Actor.SchemesAmong(write.Registry, document.Missing);
                await write.PutAsync(RecordKind.Agreement, request.Agreement, before.Sign(document.TextHash!, schemes, write.At, request.Actor));
                await write.AppendAsync(request.Actor, "agreement-signed", Subjects.Of(RecordKind.Agreement, request.Agreement), new JsonObject
                {
                    ["textHash"] = document.TextHash,
                    ["schemes"] = new JsonArray([.. schemes.Select(s => JsonValue.Create(s))]),
                });
                return new Written(write.Revision, Created: true);
            },
            cancel);

        /// <summary>The one document that waits for the caller, or the one that he names.</summary>
        private static SignedDocument Find(AgreementEntry agreement, Request request, RegistryAt registry)
        {
            var waiting = agreement.Documents.Where(d => request.Actor.SchemesAmong(registry, d.Missing).Count > 0).ToList();
            return request.TextHash is { } hash ? waiting.Find(d => d.TextHash == hash) ?? throw NoSuchText()
                : waiting.Count > 1 ? throw Refusal.NotPossible("textHash", new Message("fault.several-texts"))
                : waiting.Count == 1 ? waiting[0] : throw NoSuchText();
        }

        private static RefusalException NoSuchText() => Refusal.NotPossible("textHash", new Message("fault.no-such-text"));
    }
}
