import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { languageOf, Problem, type ProblemCode, problemBody } from './problem.ts';

const byStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-request',
  401: 'not-signed-in',
  403: 'not-allowed',
  404: 'not-found',
  408: 'timeout',
  413: 'too-large',
  414: 'address-too-long',
  415: 'wrong-content-type',
  429: 'too-many-requests',
  503: 'unavailable',
};

/** Sends one problem; the only place that writes error answers. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const language = languageOf(request.headers['accept-language']);
  return reply
    .code(problem.statusCode)
    .headers(problem.headers)
    .header('cache-control', 'no-store')
    .header('content-language', language)
    .type('application/problem+json; charset=utf-8')
    .send(problemBody(problem.code, language, problem.message, request.id, problem.extra));
}

/** Turns whatever was thrown into a problem. What is not the caller's fault is logged and says nothing to the caller. */
export function handleError(error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error);
  if (problem.statusCode >= 500) request.log.error({ err: error, route: request.routeOptions?.url }, 'request failed');
  return sendProblem(request, reply, problem);
}

function toProblem(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error;
  if (error.validation !== undefined) {
    const errors = error.validation.slice(0, 10).map((issue) => ({
      path: `${error.validationContext ?? ''}${issue.instancePath}`,
      message: issue.message ?? '',
    }));
    return new Problem('invalid-request', '', { errors });
  }
  const status = error.statusCode ?? 500;
  const code = byStatus[status] ?? (status >= 400 && status < 500 ? 'invalid-request' : 'internal');
  return new Problem(code, status < 500 ? String(error.message).slice(0, 200) : '');
}
