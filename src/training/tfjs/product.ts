/** The matrix product of the model's layers. */
import * as tf from "@tensorflow/tfjs";

/**
 * x @ W for matrices. Its gradient is the usual one, dx = dy Wᵀ and dW = xᵀ dy, but transposes first: the wasm backend
 * has a fast product for matrices as they lie and a slow one for those it must read transposed, which would make a
 * training step several times as long.
 */
export function product(x: tf.Tensor, W: tf.Tensor): tf.Tensor {
  const withGradient = tf.customGrad((...inputs) => {
    const [x, W, save] = inputs as [tf.Tensor, tf.Tensor, (saved: tf.Tensor[]) => void];
    save([x, W]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [x, W] = saved;
      return [dy.matMul(W.transpose()), x.transpose().matMul(dy)];
    };
    return { value: x.matMul(W), gradFunc };
  });
  return withGradient(x, W);
}
