/** An ODE BSM of schema 9 (raw integers); core fields can be overridden. */
export const aRawBsm = (raw: Readonly<Record<string, unknown>> = {}, receivedAt = '2026-05-04T10:20:30.500Z') => ({
  metadata: {
    bsmSource: 'RV',
    recordType: 'bsmTx',
    payloadType: 'us.dot.its.jpo.ode.model.OdeMessageFramePayload',
    odeReceivedAt: receivedAt,
    schemaVersion: 9,
    recordGeneratedAt: '',
  },
  payload: {
    dataType: 'us.dot.its.jpo.asn.j2735.r2024.BasicSafetyMessage.BasicSafetyMessageMessageFrame',
    data: {
      messageId: 20,
      value: {
        BasicSafetyMessage: {
          coreData: {
            msgCnt: 1,
            id: '1728B02E',
            secMark: 30_300,
            lat: 395_872_793,
            long: -1_050_905_980,
            elev: 16_919,
            accuracy: { semiMajor: raw.semiMajor ?? 2, semiMinor: raw.semiMinor ?? 2, orientation: 0 },
            speed: 1131,
            heading: 13_536,
            angle: 0,
            accelSet: { long: raw.accelLong ?? -5, lat: 0, vert: 0, yaw: raw.accelYaw ?? -65 },
            brakes: { wheelBrakes: '80' },
            size: { width: raw.width ?? 180, length: raw.length ?? 480 },
            ...raw,
          },
        },
      },
    },
  },
});
